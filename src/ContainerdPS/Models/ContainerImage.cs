using System.Collections.ObjectModel;
using ContainerdPS.Oci;

namespace ContainerdPS;

/// <summary>An image: a name in the daemon that refers to a manifest or an index of them.</summary>
public sealed class ContainerImage : ContainerdObject
{
    internal ContainerImage(ContainerdSession session, string @namespace, string name, OciDescriptor target)
        : base(session, @namespace)
    {
        Name = name;
        Target = target;
    }

    /// <summary>The full name, such as <c>docker.io/library/busybox:latest</c>.</summary>
    public string Name { get; }

    /// <summary>What the name refers to: a manifest, or an index of manifests.</summary>
    public OciDescriptor Target { get; }

    /// <summary>The digest of the target.</summary>
    public string Digest => Target.Digest;

    /// <summary>The media type of the target.</summary>
    public string MediaType => Target.MediaType;

    /// <summary>The labels, by their full keys.</summary>
    public ReadOnlyDictionary<string, string> Labels { get; internal init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The platforms whose content is here, such as <c>linux/amd64</c>; empty when none is whole.</summary>
    public IReadOnlyList<OciPlatform> Platforms { get; internal init; } = [];

    /// <summary>How many bytes its blobs have in the content store, counted once each; null when it cannot be read.</summary>
    public long? Size { get; internal init; }

    /// <summary>How many bytes its unpacked layers have in the namespace's snapshotter, counted once each; null when it is not unpacked.</summary>
    public long? UnpackedSize { get; internal init; }

    /// <summary>The snapshotters it is unpacked for, such as <c>overlayfs</c>.</summary>
    public IReadOnlyList<string> Snapshotters { get; internal init; } = [];

    /// <summary>The ids of the containers that were made from this name.</summary>
    public IReadOnlyList<string> Containers { get; internal init; } = [];

    /// <summary>When the image was built, as it says itself, in local time; null when it does not say.</summary>
    public DateTimeOffset? BuiltAt { get; internal init; }

    /// <summary>When the name was created in the daemon, in local time.</summary>
    public DateTimeOffset CreatedAt { get; internal init; }

    /// <summary>When the name was last changed, in local time.</summary>
    public DateTimeOffset UpdatedAt { get; internal init; }

    /// <summary>Gives the name.</summary>
    /// <returns>The value of <see cref="Name"/>.</returns>
    public override string ToString() => Name;
}
