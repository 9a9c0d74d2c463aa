using System.Net.Sockets;

namespace ContainerdPS.Transport;

/// <summary>Connects to a unix socket (Linux, macOS; Windows 10 has them too).</summary>
internal sealed class UnixSocketConnector(ContainerdAddress address) : IConnector
{
    public async Task<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(address.Path), cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw Explain(e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private ContainerdException Explain(SocketException e)
    {
        string path = address.Path;
        if (e.SocketErrorCode == SocketError.AccessDenied)
        {
            return new ContainerdException(
                ContainerdErrorCode.PermissionDenied,
                $"The socket '{path}' may not be opened by this user ({Environment.UserName}). containerd's socket belongs to root: run the shell with sudo, or have the daemon's configuration give the socket to your group ([grpc] gid).",
                e) { Reason = "SocketAccessDenied" };
        }

        if (Native.FileKind.OtherThanSocket(path) is { } kind)
        {
            return new ContainerdException(
                ContainerdErrorCode.InvalidArgument,
                $"'{path}' is {kind}, not a socket. Give the path that containerd's configuration names under [grpc] address, by default /run/containerd/containerd.sock.",
                e) { Reason = "NotASocket" };
        }

        if (!File.Exists(path))
        {
            return new ContainerdException(
                ContainerdErrorCode.Unavailable,
                $"There is no socket at '{path}'. Start containerd (systemctl start containerd), or name the right address with Connect-Containerd -Address or the environment variable CONTAINERD_ADDRESS; Start-ContainerdDaemon starts a private daemon.",
                e) { Reason = "SocketNotFound" };
        }

        if (e.SocketErrorCode == SocketError.ProtocolType)
        {
            return new ContainerdException(
                ContainerdErrorCode.InvalidArgument,
                $"'{path}' is a socket for datagrams, and a daemon's is for connections. Give the path that containerd's configuration names under [grpc] address, by default /run/containerd/containerd.sock.",
                e) { Reason = "NotAContainerd" };
        }

        return new ContainerdException(
            ContainerdErrorCode.Unavailable,
            $"Nothing listens on the socket '{path}': the daemon that made it is not running, or does not accept connections. Start it again and see its log; for the system's own, 'systemctl restart containerd' and 'journalctl -u containerd'.",
            e) { Reason = "NothingListening" };
    }
}
