using ContainerdPS.Files;
using ContainerdPS.Native;
using Microsoft.Win32.SafeHandles;

namespace ContainerdPS.Containers.Roots;

/// <summary>
/// Mounts that nobody else sees: made by a thread in a mount namespace of its own, a copy of the daemon's, and reached
/// through the descriptors it leaves. They go with these, so also when this process is killed; there is nothing to
/// unmount and no folder to remove.
/// </summary>
internal sealed class PrivateMounts : IDisposable
{
    // A folder that is there in every namespace; what it shows elsewhere stays.
    private const string Point = "/proc";

    private readonly MountRequest root;
    private readonly IReadOnlyList<(MountRequest Mount, string Path)> below;
    private readonly int? daemon;
    private readonly List<(string Path, string Why)> missing = [];
    private SafeFileHandle? processes;
    private SafeFileHandle? seen;
    private SafeFileHandle? rootFolder;
    private int error;

    private PrivateMounts(MountRequest root, IReadOnlyList<(MountRequest Mount, string Path)> below, int? daemon)
    {
        this.root = root;
        this.below = below;
        this.daemon = daemon;
    }

    /// <summary>The root of what was mounted. It is the caller's to close.</summary>
    public SafeFileHandle Root => rootFolder!;

    /// <summary>Which of the mounts below the root could not be made, and why.</summary>
    public IReadOnlyList<(string Path, string Why)> Missing => missing;

    /// <summary>Makes the mounts.</summary>
    /// <param name="root">The root.</param>
    /// <param name="below">What is mounted on places in it, in this order; the paths are resolved inside the root.</param>
    /// <param name="daemon">The process in whose view these paths are; null for this one's.</param>
    /// <param name="container">The container, for messages.</param>
    public static PrivateMounts Make(MountRequest root, IReadOnlyList<(MountRequest Mount, string Path)> below, int? daemon, string container)
    {
        var mounts = new PrivateMounts(root, below, daemon);
        try
        {
            mounts.processes = FolderCalls.OpenPath("/proc", followLast: true, out mounts.error) ?? throw Failure(container, mounts.error);
            var thread = new Thread(mounts.Run) { IsBackground = true, Name = "ContainerdPS mounts" };
            thread.Start();
            thread.Join();
            return mounts.error == 0 ? mounts : throw Failure(container, mounts.error);
        }
        catch
        {
            mounts.rootFolder?.Dispose();
            mounts.Dispose();
            throw;
        }
    }

    /// <summary>Gives up the namespace, and with it the mounts once what is open in them is closed.</summary>
    public void Dispose()
    {
        seen?.Dispose();
        processes?.Dispose();
    }

    private static ContainerdException Failure(string container, int error) => error is Errno.EPERM or Errno.EACCES
        ? CopyErrors.Make(
            ContainerdErrorCode.PermissionDenied,
            "ContainerNotAccessible",
            $"The container '{container}' is not running, so its snapshot has to be mounted to reach its files, and that is not permitted: {Errno.Describe(error)}. Run the shell as root (sudo), or start the container.")
        : CopyErrors.Make(
            ContainerdErrorCode.FailedPrecondition,
            "SnapshotNotMountable",
            $"The container '{container}' is not running, and its snapshot could not be mounted to reach its files: {Errno.Describe(error)} (errno {error}). The kernel's log (dmesg) may say more; start the container, then copy.");

    // Nothing in here may need a file of this module: the paths may be another root's.
    private void Run()
    {
        if (!Try(NamespaceCalls.UnshareFileSystemState()) || (daemon is not null && !JoinDaemon()) || !Try(NamespaceCalls.UnshareMounts()))
        {
            return;
        }

        // What is mounted here must not appear elsewhere, and nothing from elsewhere here.
        if (!Try(MountCalls.Mount(null, "/", null, MountFlags.Private | MountFlags.Recursive, null))
            || (root.Folder is not null && !Try(NamespaceCalls.ChangeFolder(root.Folder)))
            || !Try(Mount(root, Point)))
        {
            return;
        }

        rootFolder = FolderCalls.OpenPath(Point, followLast: true, out error);
        if (rootFolder is null || !Try(NamespaceCalls.ChangeFolder(processes!)))
        {
            return;
        }

        foreach ((MountRequest mount, string path) in below)
        {
            int failure = MountBelow(mount, path);
            if (failure != 0)
            {
                missing.Add((path, Errno.Describe(failure)));
            }
        }

        seen = FolderCalls.OpenLinked(processes!, "thread-self/ns/mnt", out error);
    }

    private bool JoinDaemon()
    {
        using SafeFileHandle? other = FolderCalls.OpenLinked(processes!, $"{daemon}/ns/mnt", out error);
        return other is not null && Try(NamespaceCalls.JoinMounts(other));
    }

    /// <summary>Mounts on a place inside the root. It is named by its descriptor, so that no link of the container's leads elsewhere.</summary>
    private int MountBelow(MountRequest mount, string path)
    {
        using SafeFileHandle? place = OpenInRoot(path, out int failure);
        if (place is null)
        {
            return failure;
        }

        // From the folder of this machine's processes, as the namespace may show another's under /proc.
        failure = MountCalls.Mount(mount.Source, InProcesses(place), null, mount.Flags & (MountFlags.Bind | MountFlags.Recursive), null);
        if (failure != 0)
        {
            return failure;
        }

        using SafeFileHandle? mounted = OpenInRoot(path, out failure);
        return mounted is null ? failure : MountCalls.Mount(null, InProcesses(mounted), null, MountFlags.Remount | mount.Flags & ~MountFlags.Recursive, null);
    }

    private SafeFileHandle? OpenInRoot(string path, out int failure) => ResolvedOpenCall.IsSupported
        ? ResolvedOpenCall.Open(rootFolder!, path, followLast: true, out failure)
        : StepResolver.Open(rootFolder!, path, followLast: true, out failure);

    private static string InProcesses(SafeFileHandle file) => $"self/fd/{file.DangerousGetHandle()}";

    private static int Mount(MountRequest mount, string point)
    {
        if (mount.Type is not null)
        {
            return MountCalls.Mount(mount.Source, point, mount.Type, mount.Flags, mount.Data);
        }

        // A folder shown elsewhere takes other flags only afterwards.
        int failure = MountCalls.Mount(mount.Source, point, null, mount.Flags & (MountFlags.Bind | MountFlags.Recursive), null);
        return failure != 0 ? failure : MountCalls.Mount(null, point, null, MountFlags.Remount | (mount.Flags & ~MountFlags.Recursive), null);
    }

    private bool Try(int failure)
    {
        error = failure;
        return failure == 0;
    }
}
