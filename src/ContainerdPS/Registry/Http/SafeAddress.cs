namespace ContainerdPS.Registry;

/// <summary>Addresses as they may be shown: what is behind a question mark may be a signature, and users may be in front.</summary>
internal static class SafeAddress
{
    public static string Of(Uri address) => $"{address.Scheme}://{address.Authority}{address.AbsolutePath}";
}
