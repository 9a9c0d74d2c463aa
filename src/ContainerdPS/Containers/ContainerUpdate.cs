using ContainerdPS.Oci;

namespace ContainerdPS.Containers;

/// <summary>What is to change in a container's record. What is null, or has no entry, stays as it is.</summary>
internal sealed record ContainerUpdate
{
    /// <summary>The labels to set; an empty value removes its label.</summary>
    public IReadOnlyDictionary<string, string?> Labels { get; init; } = new Dictionary<string, string?>();

    /// <summary>The extensions to set, by name.</summary>
    public IReadOnlyDictionary<string, ContainerExtensionValue> Extensions { get; init; } = new Dictionary<string, ContainerExtensionValue>();

    /// <summary>The image, full or short.</summary>
    public string? Image { get; init; }

    /// <summary>Whether the image need not exist.</summary>
    public bool AnyImage { get; init; }

    /// <summary>The key of the root filesystem in the container's snapshotter.</summary>
    public string? SnapshotKey { get; init; }

    /// <summary>The whole spec.</summary>
    public RuntimeSpec? Spec { get; init; }
}
