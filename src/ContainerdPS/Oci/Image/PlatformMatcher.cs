namespace ContainerdPS.Oci.Image;

/// <summary>
/// Chooses among the platforms of an image: the wanted one first, then what the same machine can also run (amd64 runs
/// 386, arm64 runs arm, a newer arm runs an older one).
/// </summary>
internal sealed class PlatformMatcher
{
    private readonly List<OciPlatform> _accepted;

    private PlatformMatcher(List<OciPlatform> accepted) => _accepted = accepted;

    /// <summary>Accepts the platform, and older ones its machine runs too.</summary>
    public static PlatformMatcher For(OciPlatform platform)
    {
        platform = Platforms.Normalize(platform);
        var accepted = new List<OciPlatform> { platform };
        switch (platform.Architecture)
        {
            case "amd64":
                for (int version = Number(platform.Variant) - 1; version >= 1; version--)
                {
                    accepted.Add(platform with { Variant = version == 1 ? null : $"v{version}" });
                }

                accepted.Add(platform with { Architecture = "386", Variant = null });
                break;
            case "arm64":
                if (platform.Variant is not null)
                {
                    accepted.Add(platform with { Variant = null });
                }

                AddArm(8);
                break;
            case "arm":
                AddArm(Number(platform.Variant) - 1);
                break;
            default:
                break;
        }

        return new PlatformMatcher(accepted);

        void AddArm(int newest)
        {
            for (int version = newest; version >= 5; version--)
            {
                accepted.Add(platform with { Architecture = "arm", Variant = $"v{version}" });
            }
        }
    }

    /// <summary>Accepts exactly the platform.</summary>
    public static PlatformMatcher Exactly(OciPlatform platform) => new([Platforms.Normalize(platform)]);

    /// <summary>The platform that fits best.</summary>
    public OciPlatform Wanted => _accepted[0];

    /// <summary>What is accepted, the best first.</summary>
    public IReadOnlyList<OciPlatform> Accepted => _accepted;

    public bool Matches(OciPlatform? platform) => Rank(platform) >= 0;

    /// <summary>How well a platform fits: 0 is best, -1 does not fit at all. No platform does not fit.</summary>
    public int Rank(OciPlatform? platform)
    {
        if (platform is null)
        {
            return -1;
        }

        OciPlatform given = Platforms.Normalize(platform);
        return _accepted.FindIndex(wanted =>
            wanted.Os == given.Os
            && wanted.Architecture == given.Architecture
            && (wanted.Variant ?? "") == (given.Variant ?? "")
            && SameBuild(wanted, given));
    }

    /// <summary>The best fitting one of an index's manifests; null when none fits.</summary>
    public OciDescriptor? Best(IEnumerable<OciDescriptor> manifests)
    {
        OciDescriptor? best = null;
        int bestRank = int.MaxValue;
        foreach (OciDescriptor manifest in manifests)
        {
            int rank = Rank(manifest.Platform);
            if (rank >= 0 && rank < bestRank)
            {
                (best, bestRank) = (manifest, rank);
            }
        }

        return best;
    }

    // A process-isolated Windows container runs only on the build it was made for; the last number is a patch level.
    private static bool SameBuild(OciPlatform wanted, OciPlatform given)
    {
        if (wanted.Os != "windows" || string.IsNullOrEmpty(wanted.OsVersion) || string.IsNullOrEmpty(given.OsVersion))
        {
            return true;
        }

        return Build(wanted.OsVersion) == Build(given.OsVersion);

        static string Build(string version) => string.Join('.', version.Split('.').Take(3));
    }

    private static int Number(string? variant) =>
        variant is ['v', .. string digits] && int.TryParse(digits, out int number) && number is > 0 and < 100 ? number : 0;
}
