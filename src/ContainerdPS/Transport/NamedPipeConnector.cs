using System.IO.Pipes;

namespace ContainerdPS.Transport;

/// <summary>Connects to containerd's named pipe on Windows.</summary>
internal sealed class NamedPipeConnector(ContainerdAddress address) : IConnector
{
    private static readonly TimeSpan BusyWait = TimeSpan.FromSeconds(5);

    public async Task<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsWindows())
        {
            throw new ContainerdException(
                ContainerdErrorCode.InvalidArgument,
                $"The address '{address.Path}' is a named pipe, and those are containerd's on Windows only. Give the path of a unix socket, such as /run/containerd/containerd.sock.") { Reason = "InvalidAddress" };
        }

        var pipe = new NamedPipeClientStream(
            ".", address.PipeName, PipeDirection.InOut, PipeOptions.Asynchronous | PipeOptions.WriteThrough, System.Security.Principal.TokenImpersonationLevel.Anonymous);
        try
        {
            // A pipe that exists but has no free instance is waited for; one that does not exist is not.
            await pipe.ConnectAsync((int)BusyWait.TotalMilliseconds, cancellationToken).ConfigureAwait(false);
            return new ReadFirstStream(pipe);
        }
        catch (UnauthorizedAccessException e)
        {
            await pipe.DisposeAsync().ConfigureAwait(false);
            throw new ContainerdException(
                ContainerdErrorCode.PermissionDenied,
                $"The pipe '{address.Path}' may not be opened by this user. Run the shell as an administrator.",
                e) { Reason = "SocketAccessDenied" };
        }
        catch (Exception e) when (e is TimeoutException or IOException)
        {
            await pipe.DisposeAsync().ConfigureAwait(false);
            throw new ContainerdException(
                ContainerdErrorCode.Unavailable,
                $"No containerd answers on the pipe '{address.Path}'. Start the service (Start-Service containerd), or name the right address with Connect-Containerd -Address or the environment variable CONTAINERD_ADDRESS.",
                e) { Reason = "SocketNotFound" };
        }
        catch
        {
            await pipe.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
