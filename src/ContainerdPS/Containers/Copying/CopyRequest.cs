using ContainerdPS.Files;

namespace ContainerdPS.Containers.Copying;

/// <summary>One copy: from where to where and how.</summary>
/// <param name="From">Where from.</param>
/// <param name="To">Where to.</param>
internal sealed record CopyRequest(CopyEnd From, CopyEnd To)
{
    /// <summary>The parts of the source's path where it is a pattern; null where it is a path.</summary>
    public IReadOnlyList<PathPattern.Part>? Pattern { get; init; }

    /// <summary>How.</summary>
    public CopyOptions Options { get; init; } = new();

    /// <summary>Who it is to belong to, as users write it; null for the destination's own user.</summary>
    public string? Owner { get; init; }
}
