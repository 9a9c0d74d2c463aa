using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;

namespace ContainerdPS.Images.Progress;

/// <summary>How far an image is on its way, as a whole and in its parts. Set from any thread, read from any other.</summary>
internal sealed class ImageProgress(string image)
{
    private readonly Dictionary<string, PartProgress> parts = new(StringComparer.Ordinal);
    private string stage = "resolving";
    private long expected;

    /// <summary>The name of the image.</summary>
    public string Image => image;

    /// <summary>What is done with the image as a whole, in a word.</summary>
    public string Stage
    {
        get => Volatile.Read(ref stage);
        set => Volatile.Write(ref stage, value);
    }

    /// <summary>The bytes of all its parts, where that is known before the parts are; else 0.</summary>
    public long Expected
    {
        get => Volatile.Read(ref expected);
        set => Volatile.Write(ref expected, value);
    }

    /// <summary>Whether it is known how much there is: manifests come first, and say how large the rest is.</summary>
    public bool IsMeasured => Expected > 0 || Parts.Any(static part => part.Label.StartsWith("layer", StringComparison.Ordinal));

    /// <summary>Whether nothing more happens to it.</summary>
    public bool IsOver => Stage is "done" or "failed";

    /// <summary>Its parts so far, in the order in which they became known.</summary>
    public IReadOnlyList<PartProgress> Parts
    {
        get
        {
            lock (parts)
            {
                return [.. parts.Values];
            }
        }
    }

    /// <summary>The bytes there are, of how many; both grow as parts become known.</summary>
    public (long Done, long Total) Sum
    {
        get
        {
            IReadOnlyList<PartProgress> all = Parts;
            return (all.Sum(static part => part.Done), Math.Max(Expected, all.Sum(static part => part.Total)));
        }
    }

    /// <summary>A layer is being unpacked, or has been.</summary>
    public void Unpacking(OciDescriptor layer, bool done) =>
        Part(layer.Digest, "layer", layer.Size).Complete(done ? PartState.Unpacked : PartState.Unpacking);

    /// <summary>Does the whole of the work, and notes how it ended.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        try
        {
            T result = await work().ConfigureAwait(false);
            Stage = "done";
            return result;
        }
        catch
        {
            Stage = "failed";
            throw;
        }
    }

    /// <summary>The part of a blob, which is known from then on, by what its media type says.</summary>
    public PartProgress Part(OciDescriptor blob) => Part(
        blob.Digest,
        MediaTypes.IsLayer(blob.MediaType) || MediaTypes.IsEncryptedLayer(blob.MediaType) ? "layer"
            : MediaTypes.IsConfig(blob.MediaType) ? "configuration"
            : MediaTypes.IsManifest(blob.MediaType) ? "manifest"
            : MediaTypes.IsIndex(blob.MediaType) ? "index" : "blob",
        blob.Size);

    /// <summary>The part of a digest, which is known from then on.</summary>
    public PartProgress Part(string digest, string label, long total)
    {
        lock (parts)
        {
            if (!parts.TryGetValue(digest, out PartProgress? part))
            {
                parts[digest] = part = new PartProgress(digest, label, total);
            }

            return part;
        }
    }

    /// <summary>Begins anew, another way.</summary>
    public void Restart()
    {
        lock (parts)
        {
            parts.Clear();
        }

        Stage = "resolving";
    }
}
