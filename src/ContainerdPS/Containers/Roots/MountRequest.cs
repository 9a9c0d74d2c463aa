using System.Globalization;
using ContainerdPS.Files;
using ContainerdPS.Native;
using ContainerdPS.Oci.SpecOptions;
using ContainerdPS.Wire.Types;

namespace ContainerdPS.Containers.Roots;

/// <summary>A mount in the words of mount(2).</summary>
/// <param name="Source">What is mounted.</param>
/// <param name="Type">The type of file system; null for a folder that is shown in another place.</param>
/// <param name="Flags">The flags the kernel knows by bits.</param>
/// <param name="Data">The options the file system reads itself.</param>
/// <param name="Folder">The current folder that relative paths in the data start from; null where there are none.</param>
internal sealed record MountRequest(string Source, string? Type, MountFlags Flags, string? Data, string? Folder)
{
    // The kernel takes one page.
    private const int LongestData = 4000;

    /// <summary>What a mount of a container's root can do to this machine without these: run programs with others' rights.</summary>
    private const MountFlags Harmless = MountFlags.NoSetUid | MountFlags.NoDevices | MountFlags.NoExecution;

    /// <summary>A folder that is shown in another place.</summary>
    public static MountRequest Bind(string source, bool recursive) =>
        new(source, null, MountFlags.Bind | (recursive ? MountFlags.Recursive : MountFlags.None), null, null);

    /// <summary>Reads a mount as a snapshotter gives it.</summary>
    /// <exception cref="ContainerdException">It is one the kernel does not do alone.</exception>
    public static MountRequest FromSnapshot(Mount mount, string container, bool forWriting)
    {
        if (mount.Type == "bind" || mount.Options.Contains("bind") || mount.Options.Contains("rbind"))
        {
            MountRequest bind = Bind(mount.Source, mount.Options.Contains("rbind"));
            return bind with { Flags = bind.Flags | Harmless | (mount.Options.Contains("ro") || !forWriting ? MountFlags.ReadOnly : MountFlags.None) };
        }

        if (mount.Type.StartsWith("fuse", StringComparison.Ordinal) || mount.Type.Contains('/', StringComparison.Ordinal) || mount.Options.Contains("loop"))
        {
            throw Unsupported(container, mount.Type);
        }

        IReadOnlyList<string> options = [.. mount.Options.Where(IsForKernel)];
        if (mount.Type == "overlay" && !forWriting)
        {
            options = OverlayOptions.ForReading(options);
        }

        (MountFlags flags, List<string> data) = Parse(options);
        if (string.Join(',', data).Length > LongestData && OverlayOptions.Shortened(data) is { } shortened)
        {
            return new MountRequest(mount.Source, mount.Type, flags | Harmless, string.Join(',', shortened.Options), shortened.Folder);
        }

        return new MountRequest(mount.Source, mount.Type, flags | Harmless | (mount.Type == "overlay" && !forWriting ? MountFlags.ReadOnly : MountFlags.None), string.Join(',', data), null);
    }

    public static ContainerdException Unsupported(string container, string what) => CopyErrors.Make(
        ContainerdErrorCode.Unimplemented,
        "SnapshotNotMountable",
        $"The container '{container}' is not running, and its snapshot ({what}) cannot be mounted for this. Start the container, then copy.");

    // These are for containerd's own mounting. With an id-mapped mount left out, ids are seen as they are in the container.
    private static bool IsForKernel(string option) =>
        !option.StartsWith("uidmap=", StringComparison.Ordinal) && !option.StartsWith("gidmap=", StringComparison.Ordinal) && !option.StartsWith("X-", StringComparison.Ordinal);

    private static (MountFlags Flags, List<string> Data) Parse(IReadOnlyList<string> options)
    {
        var flags = MountFlags.None;
        var data = new List<string>();
        foreach (string option in options)
        {
            MountFlags? known = option.ToLower(CultureInfo.InvariantCulture) switch
            {
                "rw" or "defaults" or "suid" or "dev" or "exec" or "atime" or "async" => MountFlags.None,
                "ro" => MountFlags.ReadOnly,
                "nosuid" => MountFlags.NoSetUid,
                "nodev" => MountFlags.NoDevices,
                "noexec" => MountFlags.NoExecution,
                "sync" => MountFlags.Synchronous,
                "dirsync" => MountFlags.DirectorySynchronous,
                "noatime" => MountFlags.NoAccessTime,
                "nodiratime" => MountFlags.NoDirectoryAccessTime,
                "relatime" => MountFlags.RelativeAccessTime,
                "strictatime" => MountFlags.StrictAccessTime,
                _ => null,
            };
            flags |= known ?? MountFlags.None;
            if (known is null)
            {
                data.Add(option);
            }
        }

        return (flags, data);
    }
}
