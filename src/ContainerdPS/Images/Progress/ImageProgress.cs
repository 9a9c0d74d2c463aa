namespace ContainerdPS.Images.Progress;

/// <summary>How far an image is on its way, as a whole and in its parts. Set from any thread, read from any other.</summary>
internal sealed class ImageProgress(string image)
{
    private readonly Dictionary<string, PartProgress> parts = new(StringComparer.Ordinal);
    private string stage = "resolving";

    /// <summary>The name of the image.</summary>
    public string Image => image;

    /// <summary>What is done with the image as a whole, in a word.</summary>
    public string Stage
    {
        get => Volatile.Read(ref stage);
        set => Volatile.Write(ref stage, value);
    }

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
            return (all.Sum(static part => part.Done), all.Sum(static part => part.Total));
        }
    }

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
