namespace ContainerdPS.Registry;

/// <summary>What a registry, or the server of its tokens, is told of who we are. Its text never has the secret in it.</summary>
internal sealed class RegistryCredential
{
    private RegistryCredential(string userName, string secret, RegistryCredentialKind kind)
    {
        UserName = userName;
        Secret = secret;
        Kind = kind;
    }

    /// <summary>Empty for tokens.</summary>
    public string UserName { get; }

    public string Secret { get; }

    public RegistryCredentialKind Kind { get; }

    public static RegistryCredential Password(string userName, string password) => new(userName, password, RegistryCredentialKind.Password);

    public static RegistryCredential IdentityToken(string token) => new(string.Empty, token, RegistryCredentialKind.IdentityToken);

    public static RegistryCredential RegistryToken(string token) => new(string.Empty, token, RegistryCredentialKind.RegistryToken);

    public override string ToString() => Kind == RegistryCredentialKind.Password ? $"the user '{UserName}'" : "a stored token";
}
