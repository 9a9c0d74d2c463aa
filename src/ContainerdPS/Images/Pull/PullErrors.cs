using System.Text.RegularExpressions;
using ContainerdPS.Oci;
using ContainerdPS.Registry;
using ContainerdPS.Services;

namespace ContainerdPS.Images.Pull;

/// <summary>The errors of receiving an image, in one voice whoever does it: which image, which part, what happened.</summary>
internal static partial class PullErrors
{
    /// <summary>A failure while something was done to the image as a whole.</summary>
    public static ContainerdException OfImage(string image, ContainerdException e) => RegistryErrors.ForImage($"'{image}' cannot be received", e);

    /// <summary>A failure while a blob was received.</summary>
    public static ContainerdException OfBlob(string image, string part, OciDescriptor blob, ContainerdException e)
    {
        string what = $"The {part} {blob.Digest} of '{image}' cannot be received";
        if (e.DaemonMessage is not { } words)
        {
            return RegistryErrors.ForImage(what, e);
        }

        // From here on they are the daemon's words, which come without what they are about.
        if (FullDisk.Is(e))
        {
            return FullDisk.Error(what, string.Empty, e);
        }

        if (CommitDigest().Match(words) is { Success: true } digest)
        {
            return RegistryErrors.ForImage(what, RegistryErrors.WrongDigest("What the registry sent", digest.Groups[1].Value, blob.Digest));
        }

        if (words.Contains("unexpected commit size", StringComparison.Ordinal) || words.Contains("failed size validation", StringComparison.Ordinal))
        {
            return RegistryErrors.ForImage(what, RegistryErrors.WrongSize("What the registry sent", "another number of", blob.Size));
        }

        return new ContainerdException(e.Code, $"{what}: {(e.Reason is null ? $"the daemon says '{words.TrimEnd('.', ' ', '\n')}'." : e.Message)}", e) { Reason = e.Reason ?? "ContentNotStored", Undone = what };
    }

    /// <summary>Whether what was written is worthless, so that nobody may go on from it.</summary>
    public static bool IsSpoiled(ContainerdException e) => e.Reason is "WrongDigest" or "WrongSize";

    public static ContainerdException PlatformNotFound(string image, string wanted, IEnumerable<string> there) => new(
        ContainerdErrorCode.NotFound, $"The image '{image}' has nothing for {wanted}: it is for {string.Join(", ", there)}.") { Reason = "PlatformNotFound" };

    [GeneratedRegex("unexpected commit digest ([a-z0-9]+:[0-9a-f]+)")]
    private static partial Regex CommitDigest();
}
