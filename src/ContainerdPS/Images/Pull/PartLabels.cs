using ContainerdPS.Oci;

namespace ContainerdPS.Images.Pull;

/// <summary>What the parts of an image are called.</summary>
internal static class PartLabels
{
    /// <summary>Which blob it is, such as <c>layer 2 of 5</c>, and of which platform where there are several; null where no manifest lists it.</summary>
    public static string? Of(string digest, IReadOnlyList<ReceivedManifest> manifests)
    {
        ReceivedManifest? owner = manifests.FirstOrDefault(manifest => manifest.Manifest.Config?.Digest == digest || manifest.Layers.Any(layer => layer.Digest == digest));
        if (owner is null)
        {
            return null;
        }

        int index = owner.Layers.TakeWhile(layer => layer.Digest != digest).Count();
        string part = index == owner.Layers.Count ? "configuration" : $"layer {index + 1} of {owner.Layers.Count}";
        return manifests.Count == 1 || owner.Platform is null ? part : $"{part} for {owner.Platform}";
    }
}
