using System.Text.RegularExpressions;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;

namespace ContainerdPS.Images;

/// <summary>Explains why a layer could not be unpacked: the daemon tells a damaged layer from a full disk by its words alone.</summary>
internal static partial class LayerFailures
{
    /// <summary>What Go's readers of archives and compressed data say of damaged ones.</summary>
    private static readonly string[] DamageWords = ["unexpected EOF", "gzip:", "flate:", "archive/tar:", "zstd", "magic number"];

    /// <summary>Whether a failure is one of the layer or of what it is unpacked on.</summary>
    public static bool IsOne(ContainerdException e) =>
        e.DaemonMessage is not null && e.Code is not (ContainerdErrorCode.AlreadyExists or ContainerdErrorCode.Unavailable);

    /// <summary>The failure of unpacking a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="place">What follows its digest, such as <c> of the image 'a'</c>; empty for nothing.</param>
    /// <param name="left">What follows the reason: what is left of it; empty for nothing.</param>
    /// <param name="e">What the daemon says.</param>
    public static ContainerdException Explain(OciDescriptor layer, string place, string left, ContainerdException e)
    {
        string what = $"The layer {layer.Digest}{place} cannot be unpacked";
        if (FullDisk.Is(e))
        {
            return FullDisk.Error(what, left, e);
        }

        string words = e.DaemonMessage!;
        if (MediaTypes.IsEncryptedLayer(layer.MediaType))
        {
            return Encrypted(layer.Digest, layer.MediaType, place, left, e);
        }

        bool damaged = e.Code == ContainerdErrorCode.Unknown && Array.Exists(DamageWords, word => words.Contains(word, StringComparison.Ordinal));
        return new ContainerdException(
            damaged ? ContainerdErrorCode.DataLoss : e.Code,
            $"{what}{(damaged ? ", it is damaged" : string.Empty)}: {Said(words)}.{left}",
            e) { Reason = "LayerUnpackFailed", DaemonMessage = words };
    }

    /// <summary>The failure of unpacking a layer that is encrypted.</summary>
    /// <param name="digest">The layer.</param>
    /// <param name="mediaType">Its media type.</param>
    /// <param name="place">What follows its digest; empty for nothing.</param>
    /// <param name="left">What is left of it; empty for nothing.</param>
    /// <param name="e">What the daemon says; null where it was not asked.</param>
    public static ContainerdException Encrypted(string digest, string mediaType, string place, string left, ContainerdException? e) => new(
        ContainerdErrorCode.Unimplemented,
        $"The layer {digest}{place} is encrypted, and this module cannot unpack it: it does not decrypt{(e?.DaemonMessage is { } words ? $", and the daemon does not either: {Said(words)}" : string.Empty)}.{left} Have the image without encryption, or set up a stream processor with the keys, for '{mediaType}', in the daemon's configuration, and unpack the image.",
        e) { Reason = "LayerEncrypted" };

    private static string Said(string words) => Doing().Replace(words, string.Empty).TrimEnd('.', ' ', '\n');

    /// <summary>What the Transfer service says of what it was doing.</summary>
    [GeneratedRegex("^.*failed to extract layer (?:\\([^)]*\\) to \\S+ as \"[^\"]*\"|sha256:[0-9a-f]{64}): ")]
    private static partial Regex Doing();
}
