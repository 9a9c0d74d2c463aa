namespace ContainerdPS;

/// <summary>What a command puts into an extension of a container. Hashtables @{ TypeUrl = ''; Value = '' } become it by themselves.</summary>
public sealed class ContainerExtensionValue
{
    private readonly byte[] value;

    /// <summary>Takes the value of an extension.</summary>
    /// <param name="typeUrl">What the bytes are; null keeps the type of the extension that is there.</param>
    /// <param name="value">The bytes.</param>
    public ContainerExtensionValue(string? typeUrl, byte[] value)
    {
        ArgumentNullException.ThrowIfNull(value);
        TypeUrl = string.IsNullOrEmpty(typeUrl) ? null : typeUrl;
        this.value = [.. value];
    }

    /// <summary>What the bytes are; null keeps the type of the extension that is there.</summary>
    public string? TypeUrl { get; }

    /// <summary>The bytes; a copy each time.</summary>
    public byte[] Value => [.. value];
}
