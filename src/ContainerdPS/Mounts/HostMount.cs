using ContainerdPS.Native;
using ContainerdPS.Wire.Types;

namespace ContainerdPS.Mounts;

/// <summary>Mounts what a snapshotter gives at a folder of this machine, all of it or nothing.</summary>
internal static class HostMount
{
    /// <summary>Where programs of setuid and device files of an image could be of use to others than those who look into it.</summary>
    private static readonly string[] Careful = ["nosuid", "nodev"];

    /// <summary>Mounts them.</summary>
    /// <returns>The mount points, the folder itself first.</returns>
    /// <param name="mounts">What the snapshotter gives.</param>
    /// <param name="path">The folder; it is there.</param>
    /// <param name="options">Further options; they come last, so that they overrule those of the snapshotter and ours.</param>
    /// <param name="readOnly">Whether nothing is to be written there.</param>
    /// <param name="cancellationToken">Gives up between one and the next.</param>
    public static async Task<IReadOnlyList<string>> MountAsync(IReadOnlyList<Mount> mounts, string path, IReadOnlyList<string> options, bool readOnly, CancellationToken cancellationToken)
    {
        if (!LinuxOnly.IsHere)
        {
            throw new ContainerdException(ContainerdErrorCode.Unimplemented, "A snapshot can be mounted on Linux only, on the machine of the daemon.") { Reason = "MountUnsupported" };
        }

        if (mounts.Count == 0)
        {
            throw new ContainerdException(ContainerdErrorCode.FailedPrecondition, "Its snapshotter gives no mount for it.") { Reason = "MountUnsupported" };
        }

        var made = new Stack<string>();
        try
        {
            foreach (Mount mount in mounts)
            {
                cancellationToken.ThrowIfCancellationRequested();
                string target = mount.Target.Length == 0 ? path : Path.Join(path, mount.Target);
                await MountOneAsync(mount, target, [.. Careful, .. options], readOnly).ConfigureAwait(false);
                made.Push(target);
            }

            return [.. made.Reverse()];
        }
        catch
        {
            while (made.TryPop(out string? target))
            {
                MountCalls.Unmount(target);
            }

            throw;
        }
    }

    private static async Task MountOneAsync(Mount mount, string target, IReadOnlyList<string> further, bool readOnly)
    {
        if (mount.Type.Contains('/', StringComparison.Ordinal) || mount.Options.Any(static option => option.StartsWith("X-containerd.", StringComparison.Ordinal)))
        {
            throw new ContainerdException(
                ContainerdErrorCode.Unimplemented,
                $"The mount of the type '{mount.Type}' that the snapshotter gives is one only the daemon's own mount service can make.") { Reason = "MountUnsupported" };
        }

        IReadOnlyList<string> own = readOnly
            ? [.. (mount.Type == "overlay" ? OverlayFolders.ReadOnly(mount.Options) : mount.Options).Where(static option => option is not ("rw" or "ro")), "ro"]
            : mount.Options;
        (string? folder, IReadOnlyList<string> options) = mount.Type == "overlay" ? OverlayFolders.Compact([.. own, .. further]) : (null, [.. own, .. further]);
        MountOptions parsed = MountOptions.Parse(options);
        if (parsed.IsLoop || mount.Type.StartsWith("fuse", StringComparison.Ordinal))
        {
            await MountByProgramAsync(mount, target, options).ConfigureAwait(false);
            return;
        }

        string? data = parsed.Data.Count == 0 ? null : string.Join(',', parsed.Data);
        Check(MountCalls.Mount(folder, mount.Source, target, mount.Type, parsed.Flags, data), mount, target);
        bool bind = (parsed.Flags & MountOptions.Bind) != 0;
        ulong attributes = parsed.Flags & ~(MountOptions.Bind | MountOptions.Recursive);
        int error = 0;
        if (bind && attributes != 0)
        {
            // A bind mount takes over the attributes of what it shows; its own are set by another call.
            error = MountCalls.Mount(null, null, target, null, MountOptions.Bind | MountOptions.Remount | attributes, null);
        }

        if (error == 0 && parsed.Propagation != 0)
        {
            error = MountCalls.Mount(null, null, target, null, parsed.Propagation, null);
        }

        if (error != 0)
        {
            MountCalls.Unmount(target);
            Check(error, mount, target);
        }
    }

    /// <summary>Loop devices and FUSE have helpers that mount(8) knows.</summary>
    private static async Task MountByProgramAsync(Mount mount, string target, IReadOnlyList<string> options)
    {
        var start = new System.Diagnostics.ProcessStartInfo("mount", ["-t", mount.Type, "-o", string.Join(',', options), "--", mount.Source, target])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        try
        {
            using System.Diagnostics.Process run = System.Diagnostics.Process.Start(start)!;
            Task<string> said = run.StandardError.ReadToEndAsync(CancellationToken.None);
            await run.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            if (run.ExitCode != 0)
            {
                throw new ContainerdException(ContainerdErrorCode.Internal, $"The {mount.Type} mount at '{target}' failed: {(await said.ConfigureAwait(false)).Trim()}") { Reason = "MountFailed" };
            }
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new ContainerdException(ContainerdErrorCode.NotFound, $"A mount of the type '{mount.Type}' needs the program mount, which cannot be started: {e.Message}.", e) { Reason = "MountFailed" };
        }
    }

    private static void Check(int error, Mount mount, string target)
    {
        if (error == 0)
        {
            return;
        }

        string advice = error switch
        {
            Errno.EPERM or Errno.EACCES => " Mounting needs root: start the shell with sudo.",
            Errno.ENOENT => " The daemon's files are not on this machine, or not where it says: it may run in a container or a mount namespace of its own.",
            Errno.EINVAL => " An option may be one this filesystem does not know.",
            _ => string.Empty,
        };
        throw new ContainerdException(
            Errno.ToCode(error),
            $"The {mount.Type} mount at '{target}' failed: {Errno.Describe(error)}.{advice}") { Reason = "MountFailed" };
    }
}
