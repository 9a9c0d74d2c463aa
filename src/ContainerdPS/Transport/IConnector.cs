namespace ContainerdPS.Transport;

/// <summary>Opens the byte stream to a daemon, and says in plain words why it cannot.</summary>
internal interface IConnector
{
    /// <summary>Connects once.</summary>
    /// <exception cref="ContainerdException">Nothing there, no permission, nothing listening, or not a socket.</exception>
    Task<Stream> ConnectAsync(CancellationToken cancellationToken);
}
