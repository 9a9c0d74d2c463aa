using ContainerdPS.Oci;

namespace ContainerdPS.Images.Push;

/// <summary>All that is sent of an image.</summary>
/// <param name="Blobs">Configurations and layers, each once.</param>
/// <param name="Documents">Manifests and indexes, each after what it names; the last one is what the destination's name will refer to.</param>
/// <param name="Platforms">What it is for.</param>
internal sealed record PushPlan(IReadOnlyList<PushPart> Blobs, IReadOnlyList<PushPart> Documents, IReadOnlyList<OciPlatform> Platforms)
{
    /// <summary>What the name will refer to.</summary>
    public OciDescriptor Target => Documents[^1].Descriptor;

    /// <summary>Whether that is the image as it is here, and nothing was taken out of its index.</summary>
    public required bool IsWhole { get; init; }

    /// <summary>Whether layers stay behind that registries do not hold.</summary>
    public required bool LeavesForeign { get; init; }

    /// <summary>The platforms of the image that are not whole here, and stay behind; empty where platforms were chosen.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>How many bytes it has.</summary>
    public long Size => Blobs.Concat(Documents).Sum(static part => part.Descriptor.Size);
}
