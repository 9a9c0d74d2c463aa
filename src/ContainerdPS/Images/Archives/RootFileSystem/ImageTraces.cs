using System.Text.RegularExpressions;

namespace ContainerdPS.Images.Archives.RootFileSystem;

/// <summary>Tells an archive of images from a root filesystem, by the files at its root.</summary>
internal sealed partial class ImageTraces
{
    private bool hasManifest;
    private bool hasConfiguration;

    /// <summary>Notes a file at the root.</summary>
    /// <returns>Whether it is an archive of images, by this and those before.</returns>
    public bool Note(string name)
    {
        hasManifest |= name == "manifest.json";
        hasConfiguration |= DockerConfiguration().IsMatch(name);
        return name == "oci-layout" || (hasManifest && hasConfiguration);
    }

    /// <summary>Whether a folder holds an archive of images.</summary>
    public static bool AreIn(string folder)
    {
        var traces = new ImageTraces();
        try
        {
            return Directory.EnumerateFiles(folder).Any(file => traces.Note(Path.GetFileName(file)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Whoever reads its files tells what is wrong with it.
            return false;
        }
    }

    public static ContainerdException Refusal(string source) => ArchiveError.Invalid(source, "it is an archive of images, not of a root filesystem. Import it as one.");

    [GeneratedRegex("^[0-9a-f]{64}\\.json$", RegexOptions.CultureInvariant)]
    private static partial Regex DockerConfiguration();
}
