using ContainerdPS.Files;
using ContainerdPS.Native;
using ContainerdPS.Oci;
using ContainerdPS.Wire.Types;

namespace ContainerdPS.Containers.Roots;

/// <summary>The files of a container that does not run: its snapshot, with the folders and files its spec mounts from the daemon's host.</summary>
internal static class SnapshotRoot
{
    /// <summary>Mounts them for the time they are used.</summary>
    /// <param name="container">The container's record.</param>
    /// <param name="spec">Its spec.</param>
    /// <param name="mounts">The mounts of its snapshot; empty where it has none.</param>
    /// <param name="daemon">The daemon.</param>
    /// <param name="forWriting">Whether files are to be written.</param>
    public static FileRoot Open(Wire.ContainersV1.Container container, RuntimeSpec? spec, IReadOnlyList<Mount> mounts, DaemonProcess daemon, bool forWriting)
    {
        MountRequest root = mounts.Count switch
        {
            0 when spec?.Root?.Path is ['/', ..] folder => MountRequest.FromSnapshot(new Mount { Type = "bind", Source = folder, Options = { spec.Root.Readonly == true ? "ro" : "rw" } }, container.Id, forWriting),
            0 => throw CopyErrors.Make(
                ContainerdErrorCode.FailedPrecondition, "RootNotFound", $"The container '{container.Id}' is not running and has neither a snapshot nor a root folder of its own, so it has no files."),
            1 => MountRequest.FromSnapshot(mounts[0], container.Id, forWriting),
            _ => throw MountRequest.Unsupported(container.Id, $"it takes {mounts.Count} mounts"),
        };

        // A task that has ended and was not deleted has its root still mounted.
        if (forWriting && mounts is [{ Type: "overlay" } overlay] && Oci.SpecOptions.OverlayOptions.UpperFolder(overlay.Options) is { } upper && FindMounted(daemon, upper) is { } point)
        {
            root = MountRequest.Bind(point, recursive: false) with { Flags = MountFlags.Bind | MountFlags.NoSetUid | MountFlags.NoDevices | MountFlags.NoExecution };
        }

        PrivateMounts made = PrivateMounts.Make(root, [.. Below(spec, forWriting)], daemon.HasOtherMounts ? daemon.Id : null, container.Id);
        bool isMapped = mounts is [var only] && only.Options.Any(static option => option.StartsWith("uidmap=", StringComparison.Ordinal));
        return FileRoot.OfContainer(
            container.Id,
            made.Root,
            isMapped ? IdMap.Same : IdMap.From(spec?.Linux?.UidMappings),
            isMapped ? IdMap.Same : IdMap.From(spec?.Linux?.GidMappings),
            made.Missing,
            made);
    }

    private static string? FindMounted(DaemonProcess daemon, string upperFolder)
    {
        using ProcessFolder? process = ProcessFolder.Open("/proc", daemon.Id);
        return process is null ? null : MountInformation.Parse(process.Read("mountinfo")).LastOrDefault(mount => mount.UpperFolder == upperFolder)?.Point;
    }

    private static IEnumerable<(MountRequest Mount, string Path)> Below(RuntimeSpec? spec, bool forWriting)
    {
        foreach (SpecMount mount in spec?.Mounts ?? [])
        {
            List<string> options = mount.Options ?? [];
            bool recursive = options.Contains("rbind");
            if ((mount.Type == "bind" || recursive || options.Contains("bind")) && mount.Source is ['/', ..] source && mount.Destination is { Length: > 0 } destination)
            {
                MountRequest bind = MountRequest.Bind(source, recursive);
                bool readOnly = !forWriting || options.Contains("ro") || options.Contains("rro");
                yield return (bind with { Flags = bind.Flags | MountFlags.NoSetUid | MountFlags.NoDevices | (readOnly ? MountFlags.ReadOnly : MountFlags.None) }, destination);
            }
        }
    }
}
