using System.Globalization;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;

namespace ContainerdPS.Images.Archives;

/// <summary>
/// The labels by which the daemon's garbage collector finds the blobs a blob needs. A blob nothing refers to is collected
/// with the lease it was written under.
/// </summary>
internal static class GcLabels
{
    private const string Content = "containerd.io/gc.ref.content.";
    private const string Snapshot = "containerd.io/gc.ref.snapshot.";

    /// <summary>What an unpacked layer's blob says about itself: its uncompressed digest.</summary>
    public const string Uncompressed = "containerd.io/uncompressed";

    /// <summary>The labels of a manifest: its config and its layers in order.</summary>
    public static IReadOnlyDictionary<string, string> ForManifest(string? config, IReadOnlyList<string> layers)
    {
        Dictionary<string, string> labels = Numbered("l.", layers);
        if (config is not null)
        {
            labels[Content + "config"] = config;
        }

        return labels;
    }

    /// <summary>The labels of an index: its manifests in order.</summary>
    public static IReadOnlyDictionary<string, string> ForIndex(IReadOnlyList<string> manifests) => Numbered("m.", manifests);

    /// <summary>The labels of a document that was received: what it names, each kind counted by itself, as containerd's clients do it.</summary>
    public static IReadOnlyDictionary<string, string> ForChildren(IEnumerable<OciDescriptor> children)
    {
        Dictionary<string, string> labels = [];
        Dictionary<string, int> counts = [];
        foreach (OciDescriptor child in children)
        {
            string kind = MediaTypes.IsConfig(child.MediaType) ? "config" : MediaTypes.IsManifest(child.MediaType) ? "m." : MediaTypes.IsLayer(child.MediaType) ? "l." : string.Empty;
            int index = counts[kind] = counts.GetValueOrDefault(kind, -1) + 1;
            labels[kind == "config" && index == 0 ? Content + kind : $"{Content}{kind}{index.ToString(CultureInfo.InvariantCulture)}"] = child.Digest;
        }

        return labels;
    }

    /// <summary>The label of a config whose image is unpacked: the snapshot at its top, by the chain id of its diff ids.</summary>
    public static IReadOnlyDictionary<string, string> ForUnpackedConfig(string snapshotter, string chainId) =>
        new Dictionary<string, string> { [Snapshot + snapshotter] = chainId };

    /// <summary>The snapshotters an image is unpacked in, as the labels of its config say.</summary>
    public static IEnumerable<string> Snapshotters(IReadOnlyDictionary<string, string> labels) =>
        labels.Keys.Where(static key => key.StartsWith(Snapshot, StringComparison.Ordinal)).Select(static key => key[Snapshot.Length..].Split('/')[0]).Distinct(StringComparer.Ordinal);

    /// <summary>The label of a layer that is unpacked.</summary>
    public static IReadOnlyDictionary<string, string> ForUnpackedLayer(string diffId) =>
        new Dictionary<string, string> { [Uncompressed] = diffId };

    private static Dictionary<string, string> Numbered(string kind, IReadOnlyList<string> digests)
    {
        Dictionary<string, string> labels = [];
        for (int i = 0; i < digests.Count; i++)
        {
            labels[$"{Content}{kind}{i.ToString(CultureInfo.InvariantCulture)}"] = digests[i];
        }

        return labels;
    }
}
