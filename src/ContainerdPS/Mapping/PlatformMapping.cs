using ContainerdPS.Oci;
using ContainerdPS.Wire.Types;

namespace ContainerdPS.Mapping;

/// <summary>Platforms to the wire.</summary>
internal static class PlatformMapping
{
    public static Platform ToWire(OciPlatform platform) => new()
    {
        Os = platform.Os,
        Architecture = platform.Architecture,
        Variant = platform.Variant ?? string.Empty,
        OsVersion = platform.OsVersion ?? string.Empty,
    };
}
