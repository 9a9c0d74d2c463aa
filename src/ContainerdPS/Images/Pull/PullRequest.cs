using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;

namespace ContainerdPS.Images.Pull;

/// <summary>What is received, and what becomes of it.</summary>
internal sealed record PullRequest
{
    public required ImageReference Reference { get; init; }

    /// <summary>The platforms wanted; empty for the best one for this machine.</summary>
    public IReadOnlyList<OciPlatform> Platforms { get; init; } = [];

    /// <summary>Takes all there are.</summary>
    public bool AllPlatforms { get; init; }

    /// <summary>The snapshotter to unpack for; null for the namespace's.</summary>
    public string? Snapshotter { get; init; }

    /// <summary>Leaves the layers packed.</summary>
    public bool NoUnpack { get; init; }

    /// <summary>Labels of the image's record.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Why the client does it whatever the daemon can; null when nothing speaks for that.</summary>
    public string? LocalReason { get; init; }

    /// <summary>Told what is worth a warning.</summary>
    public Action<string>? Notice { get; init; }

    /// <summary>The image as errors call it.</summary>
    public string Name => Reference.ToString();

    /// <summary>What each platform wanted is matched by: for this machine, also what it can run beside its own.</summary>
    public IReadOnlyList<PlatformMatcher> Matchers => AllPlatforms ? []
        : Platforms.Count == 0 ? [PlatformMatcher.For(Oci.Image.Platforms.Host)]
        : Platforms.Select(PlatformMatcher.Exactly).ToArray();
}
