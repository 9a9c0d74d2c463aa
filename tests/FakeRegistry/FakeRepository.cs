using System.Collections.Concurrent;

namespace FakeRegistry;

/// <summary>One repository: what is in it, and what has happened to it so far. Several requests at once may change it.</summary>
public sealed class FakeRepository(string name, FakeImage image)
{
    private readonly Dictionary<string, int> counts = [];

    public string Name { get; } = name;

    /// <summary>What it misbehaves as: the last part of its name.</summary>
    public string Scenario => Name[(Name.LastIndexOf('/') + 1)..];

    public FakeImage Image { get; } = image;

    /// <summary>What was pushed, and by which names: digests and tags.</summary>
    public ConcurrentDictionary<string, (string MediaType, byte[] Content)> Manifests { get; } = [];

    public ConcurrentDictionary<string, byte[]> Blobs { get; } = image.Blobs;

    /// <summary>Uploads that are not ended.</summary>
    public ConcurrentDictionary<string, MemoryStream> Uploads { get; } = [];

    public string FirstLayer => Image.Layers[0];

    /// <summary>How often something was counted, this time with it.</summary>
    public int Count(string what)
    {
        lock (counts)
        {
            return counts[what] = counts.GetValueOrDefault(what) + 1;
        }
    }
}
