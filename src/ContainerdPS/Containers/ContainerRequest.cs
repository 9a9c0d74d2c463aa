using ContainerdPS.Oci;
using ContainerdPS.Oci.SpecOptions;

namespace ContainerdPS.Containers;

/// <summary>What a new container is to be.</summary>
internal sealed record ContainerRequest
{
    public required string Id { get; init; }

    /// <summary>The image, by a full or short name; null for none.</summary>
    public string? Image { get; init; }

    /// <summary>The platform of the image; null for this machine's.</summary>
    public OciPlatform? Platform { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The runtime; null for the namespace's.</summary>
    public string? Runtime { get; init; }

    /// <summary>The snapshotter; null for the namespace's.</summary>
    public string? Snapshotter { get; init; }

    /// <summary>What the spec is made from where <see cref="Spec"/> is null.</summary>
    public required SpecRequest Options { get; init; }

    /// <summary>A whole spec, used as it is.</summary>
    public RuntimeSpec? Spec { get; init; }

    /// <summary>The last word on the spec: gets the one made, gives the one to use. It runs on the thread of the caller.</summary>
    public Func<RuntimeSpec, Task<RuntimeSpec>>? Edit { get; init; }
}
