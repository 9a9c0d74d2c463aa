using ContainerdPS.Files;
using ContainerdPS.Native;
using ContainerdPS.Oci;
using ContainerdPS.Oci.SpecOptions;
using ContainerdPS.Processes;
using ContainerdPS.Services;
using Microsoft.Win32.SafeHandles;

namespace ContainerdPS.Containers.Roots;

/// <summary>The files of a container as its running task sees them, with all that is mounted there.</summary>
internal static class TaskRoot
{
    /// <summary>Opens the root of the task's first process; null when the process has ended.</summary>
    /// <param name="client">The client, to ask for the container's snapshot where it is needed to know the process.</param>
    /// <param name="container">The container's record.</param>
    /// <param name="spec">Its spec.</param>
    /// <param name="processId">The process, as the daemon tells it.</param>
    /// <param name="daemon">The daemon.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    public static async Task<FileRoot?> OpenAsync(
        NamespaceClient client, Wire.ContainersV1.Container container, RuntimeSpec? spec, int processId, DaemonProcess daemon, CancellationToken cancellationToken)
    {
        using ProcessFolder? process = ProcessFolder.Open(daemon.Processes, processId);
        if (process is null)
        {
            return null;
        }

        if (!IsOfContainer(container, spec, process.Read("cgroup")) && !await HasRootAsync(client, container, process, cancellationToken).ConfigureAwait(false))
        {
            // A zombie has no root any more, and an id that was given to another process has another's.
            using SafeFileHandle? other = process.OpenRoot(out _);
            return other is null ? null : throw Unverified(container, processId);
        }

        SafeFileHandle? root = process.OpenRoot(out int error);
        return root is not null
            ? FileRoot.OfContainer(container.Id, root, IdMap.Parse(process.Read("uid_map")), IdMap.Parse(process.Read("gid_map")))
            : error is Errno.ENOENT or Errno.ESRCH ? null
            : throw CopyErrors.Make(
                ContainerdErrorCode.PermissionDenied,
                "ContainerNotAccessible",
                $"The files of the container '{container.Id}' may not be accessed through its process {processId}: {Errno.Describe(error)}. Run the shell as root (sudo).");
    }

    /// <summary>
    /// Whether these are the cgroups of the container. Only runc's shim has the container's own process as the task's: that
    /// of a virtual machine, or of a sandbox in user space, sees other files than the container does.
    /// </summary>
    internal static bool IsOfContainer(Wire.ContainersV1.Container container, RuntimeSpec? spec, string cgroups)
    {
        string runtime = container.Runtime?.Name ?? string.Empty;
        if (!runtime.StartsWith("io.containerd.runc.", StringComparison.Ordinal) && runtime != "io.containerd.runtime.v1.linux")
        {
            return false;
        }

        string expected = spec?.Linux?.CgroupsPath is { Length: > 0 } given ? given : container.Id;
        string[] systemd = expected.Split(':');
        string part = systemd.Length == 3
            ? systemd[2].EndsWith(".slice", StringComparison.Ordinal) ? systemd[2] : (systemd[1].Length == 0 ? systemd[2] : $"{systemd[1]}-{systemd[2]}") + ".scope"
            : expected.Trim('/');
        return cgroups.Split('\n').Any(line => line.Split(':', 3) is [_, _, var path] && (path + '/').Contains($"/{part}/", StringComparison.Ordinal));
    }

    /// <summary>Whether the process's root is the container's snapshot, whatever the runtime.</summary>
    private static async Task<bool> HasRootAsync(NamespaceClient client, Wire.ContainersV1.Container container, ProcessFolder process, CancellationToken cancellationToken)
    {
        IReadOnlyList<Wire.Types.Mount> mounts = await TaskCreation.RootAsync(client, container, cancellationToken).ConfigureAwait(false);
        return mounts is [{ Type: "overlay" } overlay]
            && OverlayOptions.UpperFolder(overlay.Options) is { } upper
            && MountInformation.Parse(process.Read("mountinfo")).Any(mount => mount.Point == "/" && mount.UpperFolder == upper);
    }

    private static ContainerdException Unverified(Wire.ContainersV1.Container container, int processId) => CopyErrors.Make(
        ContainerdErrorCode.FailedPrecondition,
        "ContainerNotAccessible",
        $"The process {processId}, which the daemon names as that of the container '{container.Id}', is not in the container's cgroup and does not have its root filesystem, so its files are left alone. The runtime '{container.Runtime?.Name}' may keep them elsewhere (in a virtual machine); pass a tar through Invoke-ContainerCommand then.");
}
