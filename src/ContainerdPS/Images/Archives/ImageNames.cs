using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;

namespace ContainerdPS.Images.Archives;

/// <summary>The names an archive gives its images.</summary>
internal static class ImageNames
{
    private const string ContainerdName = "io.containerd.image.name";
    private const string ReferenceName = "org.opencontainers.image.ref.name";

    /// <summary>Reads the annotations of an index entry.</summary>
    /// <returns>The name; or the bare tag, with the name it makes on the caller's base name.</returns>
    public static (string? Name, string? Tag) Of(OciDescriptor image, string archive, ArchiveImportOptions options)
    {
        // The name as a daemon kept it: not normalised, or an export would come back under another name.
        if (image.Annotations?.GetValueOrDefault(ContainerdName) is { Length: > 0 } kept)
        {
            return kept.Any(static letter => char.IsWhiteSpace(letter) || char.IsControl(letter))
                ? throw ArchiveError.Invalid(archive, $"it gives an image the name {ArchiveError.Quote(kept)}, which cannot be a name.")
                : (kept, null);
        }

        if (image.Annotations?.GetValueOrDefault(ReferenceName) is not { Length: > 0 } reference)
        {
            return (null, null);
        }

        if (!reference.AsSpan().ContainsAny('/', ':', '@'))
        {
            return (options.BaseName is null ? null : Normalise($"{options.BaseName}:{reference}", archive), reference);
        }

        return (Normalise(reference, archive), null);
    }

    /// <summary>Gives an entry of an archive's index the name of its image, for containerd and for others.</summary>
    public static IReadOnlyDictionary<string, string> Annotate(string name, IReadOnlyDictionary<string, string>? others)
    {
        // Others take the annotation of the standard for a tag, which is what it says.
        string? tag = ImageReference.TryParse(name, out ImageReference? reference) ? reference!.Tag ?? reference.Digest : null;
        return new Dictionary<string, string>(others ?? new Dictionary<string, string>()) { [ContainerdName] = name, [ReferenceName] = tag ?? name };
    }

    /// <summary>The name as Docker writes it; null for one that Docker cannot have: it knows tags only.</summary>
    public static string? Familiar(string name) =>
        ImageReference.TryParse(name, out ImageReference? reference) && reference is { Tag: not null, Digest: null } ? reference.Familiar : null;

    /// <summary>
    /// Tells images apart that have the same name: umoci and others that make one image of another give it a tag of its own
    /// and keep the rest of its annotations, containerd's name of the first among them.
    /// </summary>
    public static void TellApart(List<ImportedImage> images, string archive)
    {
        HashSet<string> ambiguous = images
            .Where(static image => image.Name is not null)
            .GroupBy(static image => image.Name!, StringComparer.Ordinal)
            .Where(static same => same.DistinctBy(static image => image.Target.Digest).Skip(1).Any())
            .Select(static same => same.Key)
            .ToHashSet(StringComparer.Ordinal);
        for (int i = 0; i < images.Count; i++)
        {
            if (images[i].Name is { } name
                && ambiguous.Contains(name)
                && ImageReference.TryParse(name, out ImageReference? reference)
                && images[i].Target.Annotations?.GetValueOrDefault(ReferenceName) is { Length: > 0 } tag
                && tag != reference!.Tag
                && !tag.AsSpan().ContainsAny('/', ':', '@'))
            {
                images[i] = images[i] with { Name = Normalise($"{reference.Name}:{tag}", archive) };
            }
        }
    }

    /// <summary>Completes a name as Docker writes it (<c>busybox:1</c>).</summary>
    public static string Normalise(string name, string archive)
    {
        try
        {
            return ImageReference.Parse(name).ToString();
        }
        catch (ContainerdException exception)
        {
            throw ArchiveError.Invalid(archive, $"it gives an image a name that cannot be one. {exception.Message}", exception);
        }
    }

    /// <summary>Gives the caller's base name to an image that is alone and has no name of its own.</summary>
    public static IReadOnlyList<ImportedImage> Complete(List<ImportedImage> images, string archive, ArchiveImportOptions options)
    {
        if (images is [{ Name: null, Tag: null } only] && options.BaseName is { } name)
        {
            images[0] = only with { Name = Normalise(name, archive) };
        }

        return images;
    }
}
