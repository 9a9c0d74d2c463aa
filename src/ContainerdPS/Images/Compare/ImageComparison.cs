using ContainerdPS.Oci;

namespace ContainerdPS.Images.Compare;

/// <summary>Tells by what an image differs from another: by its documents alone, so that the two may be on different daemons.</summary>
internal static class ImageComparison
{
    /// <summary>The differences, and what is the same.</summary>
    public static IEnumerable<ContainerImageDifference> Compare(ComparedImage image, ComparedImage reference)
    {
        ContainerImageDifference Row(ContainerImagePart part, string name, object? value, object? other, ContainerImageDifferenceKind? change = null, long? size = null) =>
            new(image.Client.Session, image.Client.Namespace, image.Image.Name, reference.Image.Name)
            {
                Part = part,
                Name = name,
                Value = value,
                ReferenceValue = other,
                Size = size,
                Change = change ?? (other is null ? ContainerImageDifferenceKind.Added
                    : value is null ? ContainerImageDifferenceKind.Removed
                    : Equals(value, other) ? ContainerImageDifferenceKind.Same : ContainerImageDifferenceKind.Changed),
            };

        yield return Row(ContainerImagePart.Image, "Digest", image.Image.Descriptor.Digest, reference.Image.Descriptor.Digest);
        foreach (string platform in image.Platforms.Union(reference.Platforms).Order(StringComparer.Ordinal))
        {
            yield return Row(
                ContainerImagePart.Platform,
                platform,
                image.Platforms.Contains(platform) ? platform : null,
                reference.Platforms.Contains(platform) ? platform : null);
        }

        foreach (string name in image.Annotations.Keys.Union(reference.Annotations.Keys).Order(StringComparer.Ordinal))
        {
            yield return Row(ContainerImagePart.Annotation, name, image.Annotations.GetValueOrDefault(name), reference.Annotations.GetValueOrDefault(name));
        }

        foreach (string field in image.Fields.Keys.Union(reference.Fields.Keys).Order(ConfigFields.Order))
        {
            yield return Row(ContainerImagePart.Config, field, image.Fields.GetValueOrDefault(field), reference.Fields.GetValueOrDefault(field));
        }

        foreach ((int? old, int? now) in LayerAlignment.Of(reference.Image.DiffIds, image.Image.DiffIds))
        {
            OciDescriptor? blob = now is { } at ? image.Image.Layers.ElementAtOrDefault(at) : null;
            OciDescriptor? before = old is { } there ? reference.Image.Layers.ElementAtOrDefault(there) : null;
            string diffId = now is { } position ? image.Image.DiffIds[position] : reference.Image.DiffIds[old!.Value];
            ContainerImageDifferenceKind change = old is null ? ContainerImageDifferenceKind.Added
                : now is null ? ContainerImageDifferenceKind.Removed
                : blob?.Digest == before?.Digest ? ContainerImageDifferenceKind.Same : ContainerImageDifferenceKind.Changed;
            yield return Row(ContainerImagePart.Layer, diffId, blob?.Digest, before?.Digest, change, (blob ?? before)?.Size);
        }

        yield return Row(ContainerImagePart.Size, "Content", image.Size, reference.Size);
        if (image.UnpackedSize is { } unpacked && reference.UnpackedSize is { } other)
        {
            yield return Row(ContainerImagePart.Size, "Unpacked", unpacked, other);
        }
    }
}
