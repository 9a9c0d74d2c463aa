using System.Net.Sockets;
using System.Runtime.InteropServices;
using ContainerdPS.Daemons;

namespace ContainerdPS.Containers.Roots;

/// <summary>
/// The process that listens on a daemon's socket, found to be a containerd of this machine. A socket may be forwarded
/// from elsewhere (ssh -L, socat): process ids and paths a daemon tells would then be another machine's, and name
/// something else on this one.
/// </summary>
internal sealed class DaemonProcess
{
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;

    // Every containerd keeps its database open, under this path of its root folder.
    private const string Database = "/io.containerd.metadata.v1.bolt/meta.db";

    private DaemonProcess(int id) => Id = id;

    /// <summary>Its process id here.</summary>
    public int Id { get; }

    /// <summary>The /proc that knows processes by the ids it tells: its own, where it has process ids of its own.</summary>
    public string Processes => HasSame("pid") ? "/proc" : $"/proc/{Id}/root/proc";

    /// <summary>Whether it sees other mounts than this process does.</summary>
    public bool HasOtherMounts => !HasSame("mnt");

    /// <summary>Finds the daemon behind a socket.</summary>
    /// <exception cref="ContainerdException">It is not on this machine, or cannot be looked at.</exception>
    public static DaemonProcess Find(string address)
    {
        int id = Listener(address);
        if (id <= 0)
        {
            throw Elsewhere(address, "a process that cannot be seen from here listens there");
        }

        List<string> open = ProcessTable.OpenTargets(id);
        if (open.Count == 0)
        {
            throw new ContainerdException(
                ContainerdErrorCode.PermissionDenied,
                $"The process {id}, which listens on '{address}', may not be looked at, so the files of its containers cannot be found. Run the shell as root (sudo).") { Reason = "DaemonNotAccessible" };
        }

        return open.Exists(static target => target.EndsWith(Database, StringComparison.Ordinal))
            ? new DaemonProcess(id)
            : throw Elsewhere(address, $"the process {id} listens there, and it is no containerd but may forward to one");
    }

    /// <summary>Says that a container's files are on another machine.</summary>
    public static ContainerdException Elsewhere(string address, string why) => new(
        ContainerdErrorCode.Unavailable,
        $"The daemon on '{address}' is not on this machine ({why}), and the files of a container can be reached only where it runs. Run the command there, or pass a tar through Invoke-ContainerCommand.") { Reason = "NotOnDaemonHost" };

    private static int Listener(string address)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(address));

            // struct ucred: process, user and group.
            Span<int> credentials = stackalloc int[3];
            socket.GetRawSocketOption(SocketLevel, PeerCredentials, MemoryMarshal.AsBytes(credentials));
            return credentials[0];
        }
        catch (SocketException e)
        {
            throw new ContainerdException(ContainerdErrorCode.Unavailable, $"The daemon on '{address}' does not answer: {e.Message}.", e);
        }
    }

    private bool HasSame(string kind) =>
        new FileInfo($"/proc/{Id}/ns/{kind}").LinkTarget is { } other && other == new FileInfo($"/proc/self/ns/{kind}").LinkTarget;
}
