namespace ContainerdPS.Transport;

/// <summary>Connects to a daemon that is not there: see <see cref="RehearsalStream"/>.</summary>
internal sealed class RehearsalConnector : IConnector
{
    public Task<Stream> ConnectAsync(CancellationToken cancellationToken) => Task.FromResult<Stream>(new RehearsalStream());
}
