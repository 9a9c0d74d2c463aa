using System.Collections.Concurrent;

namespace FakeRegistry;

/// <summary>One repository: what is in it, and what has happened to it so far. Several requests at once may change it.</summary>
public sealed class FakeRepository(string name, FakeImage image)
{
    private readonly Dictionary<string, int> counts = [];
    private volatile FakeImage image = image;
    private volatile bool isMended;

    public string Name { get; } = name;

    /// <summary>What it misbehaves as: the last part of its name, until it is mended.</summary>
    public string Scenario => isMended ? string.Empty : Name[(Name.LastIndexOf('/') + 1)..];

    public FakeImage Image => image;

    /// <summary>What was pushed, and by which names: digests and tags.</summary>
    public ConcurrentDictionary<string, (string MediaType, byte[] Content)> Manifests { get; } = [];

    public ConcurrentDictionary<string, byte[]> Blobs { get; } = image.Blobs;

    /// <summary>Uploads that are not ended.</summary>
    public ConcurrentDictionary<string, MemoryStream> Uploads { get; } = [];

    public string FirstLayer => Image.Layers[0];

    /// <summary>Makes a good repository of it. Where the image itself is bad, it gets another; what is good of the old one is in it.</summary>
    public void Mend()
    {
        FakeImage good = Misbehaviour.GoodImageFor(Name) ?? image;
        foreach ((string digest, byte[] content) in good.Blobs)
        {
            Blobs[digest] = content;
        }

        image = good;
        isMended = true;
    }

    /// <summary>How often something was counted, this time with it.</summary>
    public int Count(string what)
    {
        lock (counts)
        {
            return counts[what] = counts.GetValueOrDefault(what) + 1;
        }
    }
}
