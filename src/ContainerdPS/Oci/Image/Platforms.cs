using System.Runtime.InteropServices;

namespace ContainerdPS.Oci.Image;

/// <summary>Platforms as users and images write them, brought to the names containerd uses.</summary>
internal static class Platforms
{
    /// <summary>The platform of this machine, normalised.</summary>
    public static OciPlatform Host { get; } = DescribeHost();

    /// <summary>
    /// Reads <c>os</c>, <c>architecture</c>, <c>os/architecture</c> or <c>os/architecture/variant</c>; what is left
    /// out is this machine's. The operating system may carry a version: <c>windows(10.0.20348)/amd64</c>.
    /// </summary>
    /// <exception cref="ContainerdException">The text is no platform.</exception>
    public static OciPlatform Parse(string text)
    {
        string[] parts = text.Split('/');
        string? version = null;
        int open = parts[0].IndexOf('(', StringComparison.Ordinal);
        if (open > 0 && parts[0].EndsWith(')'))
        {
            version = parts[0][(open + 1)..^1];
            parts[0] = parts[0][..open];
        }

        bool bad = parts.Length > 3 || version is not null && !version.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
        foreach (string part in parts)
        {
            bad |= part.Length == 0 || !part.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
        }

        if (bad)
        {
            throw Invalid(text, "it must be os, architecture, os/architecture or os/architecture/variant, such as linux/arm64");
        }

        if (parts.Length == 1)
        {
            string os = NormalizeOs(parts[0]);
            if (IsKnownOs(os))
            {
                return new OciPlatform { Os = os, Architecture = Host.Architecture, Variant = Host.Variant, OsVersion = version };
            }

            (string architecture, string? variant) = NormalizeArchitecture(parts[0], null);
            return IsKnownArchitecture(architecture)
                ? new OciPlatform { Os = Host.Os, Architecture = architecture, Variant = variant }
                : throw Invalid(text, "it names no operating system and no architecture that is known");
        }

        return Normalize(new OciPlatform
        {
            Os = parts[0],
            Architecture = parts[1],
            Variant = parts.Length == 3 ? parts[2] : null,
            OsVersion = version,
        });
    }

    /// <summary>The same platform in the usual names: <c>x86_64</c> is <c>amd64</c>, <c>arm</c> alone is <c>arm/v7</c>, <c>arm64/v8</c> is <c>arm64</c>.</summary>
    public static OciPlatform Normalize(OciPlatform platform)
    {
        (string architecture, string? variant) = NormalizeArchitecture(platform.Architecture, platform.Variant);
        return platform with { Os = NormalizeOs(platform.Os), Architecture = architecture, Variant = variant };
    }

    private static string NormalizeOs(string os)
    {
        os = os.ToLowerInvariant();
        return os switch
        {
            "" => Host.Os,
            "macos" => "darwin",
            _ => os,
        };
    }

    private static (string Architecture, string? Variant) NormalizeArchitecture(string architecture, string? variant)
    {
        architecture = architecture.ToLowerInvariant();
        variant = string.IsNullOrEmpty(variant) ? null : variant.ToLowerInvariant();
        return architecture switch
        {
            "i386" or "i486" or "i586" or "i686" or "386" => ("386", null),
            "x86_64" or "x86-64" or "amd64" => ("amd64", variant == "v1" ? null : variant),
            "aarch64" or "arm64" => ("arm64", variant is "8" or "v8" or "v8.0" ? null : variant is "9" or "v9.0" ? "v9" : variant),
            "armhf" => ("arm", "v7"),
            "armel" => ("arm", "v6"),
            "arm" => ("arm", variant switch
            {
                null => "v7",
                "5" or "6" or "7" or "8" => "v" + variant,
                _ => variant,
            }),
            _ => (architecture, variant),
        };
    }

    private static bool IsKnownOs(string os) =>
        os is "linux" or "windows" or "darwin" or "freebsd" or "netbsd" or "openbsd" or "dragonfly" or "solaris" or "illumos"
            or "aix" or "android" or "plan9" or "js" or "wasip1" or "zos";

    private static bool IsKnownArchitecture(string architecture) =>
        architecture is "386" or "amd64" or "arm" or "arm64" or "ppc64" or "ppc64le" or "mips" or "mipsle" or "mips64" or "mips64le"
            or "riscv64" or "s390x" or "loong64" or "wasm" or "sparc64";

    private static OciPlatform DescribeHost()
    {
        string os = OperatingSystem.IsWindows() ? "windows"
            : OperatingSystem.IsMacOS() ? "darwin"
            : OperatingSystem.IsFreeBSD() ? "freebsd"
            : "linux";
        (string architecture, string? variant) = RuntimeInformation.OSArchitecture switch
        {
            Architecture.X64 => ("amd64", (string?)null),
            Architecture.X86 => ("386", null),
            Architecture.Arm64 => ("arm64", null),
            Architecture.Arm => ("arm", "v7"),
            Architecture.Armv6 => ("arm", "v6"),
            Architecture.LoongArch64 => ("loong64", null),
            var other => (other.ToString().ToLowerInvariant(), null),
        };
        Version? build = os == "windows" ? Environment.OSVersion.Version : null;
        return new OciPlatform
        {
            Os = os,
            Architecture = architecture,
            Variant = variant,
            OsVersion = build is null ? null : $"{build.Major}.{build.Minor}.{build.Build}",
        };
    }

    private static ContainerdException Invalid(string text, string why) =>
        new(ContainerdErrorCode.InvalidArgument, $"'{text}' is not a platform: {why}.") { Reason = "InvalidPlatform" };
}
