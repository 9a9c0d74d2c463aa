namespace ContainerdPS.Registry;

/// <summary>Knows which credential belongs to which host. Nothing is read before a host asks.</summary>
internal sealed class CredentialSource(RegistrySettings settings) : IDisposable
{
    private readonly SemaphoreSlim reading = new(1);
    private readonly Dictionary<string, RegistryCredential?> found = new(StringComparer.OrdinalIgnoreCase);
    private DockerConfig? docker;
    private bool read;

    /// <summary>The credential for a host; null when there is none.</summary>
    /// <param name="authority">The host.</param>
    /// <param name="isRegistry">Whether it is the registry that the image's name means: a command's own credential is for no other.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<RegistryCredential?> FindAsync(string authority, bool isRegistry, CancellationToken cancellationToken)
    {
        if (isRegistry && settings.Credential is { } given)
        {
            return given;
        }

        await reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!read)
            {
                docker = await DockerConfig.ReadAsync(DockerConfig.DefaultPath, cancellationToken).ConfigureAwait(false);
                read = true;
            }

            if (!found.TryGetValue(authority, out RegistryCredential? credential))
            {
                credential = docker is null ? null : await docker.FindAsync(authority, settings.Log, cancellationToken).ConfigureAwait(false);
                found[authority] = credential;
            }

            return credential;
        }
        finally
        {
            reading.Release();
        }
    }

    public void Dispose() => reading.Dispose();
}
