namespace ContainerdPS.Registry;

/// <summary>How a credential is used.</summary>
internal enum RegistryCredentialKind
{
    /// <summary>A user name and a password.</summary>
    Password,

    /// <summary>Exchanged for tokens at the server of the tokens.</summary>
    IdentityToken,

    /// <summary>Shown to the registry as it is.</summary>
    RegistryToken,
}
