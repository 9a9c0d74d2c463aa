using ContainerdPS.Oci;

namespace ContainerdPS.Images.Push;

/// <summary>One thing that is sent.</summary>
/// <param name="Descriptor">Its descriptor.</param>
/// <param name="Label">What it is, such as <c>layer 2 of 5</c>.</param>
internal sealed record PushPart(OciDescriptor Descriptor, string Label)
{
    /// <summary>A repository of the same registry that has it; null when none is known.</summary>
    public string? Source { get; init; }

    /// <summary>The bytes of a manifest or an index; empty for a blob.</summary>
    public ReadOnlyMemory<byte> Document { get; init; }
}
