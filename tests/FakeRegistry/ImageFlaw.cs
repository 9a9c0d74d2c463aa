namespace FakeRegistry;

/// <summary>What can be wrong with an image that arrives as its digests say.</summary>
public enum ImageFlaw
{
    None,

    /// <summary>Its manifest is no JSON.</summary>
    NoManifest,

    /// <summary>Its configuration is no JSON.</summary>
    NoConfig,

    /// <summary>Its first layer is compressed, and no archive.</summary>
    NoTar,

    /// <summary>Its first layer ends in the middle.</summary>
    Cut,

    /// <summary>Its first layer is another one than the configuration says.</summary>
    OtherDiffId,

    /// <summary>Its first layer is small, and large when it is unpacked.</summary>
    Bomb,

    /// <summary>Its first layer is encrypted.</summary>
    Encrypted,
}
