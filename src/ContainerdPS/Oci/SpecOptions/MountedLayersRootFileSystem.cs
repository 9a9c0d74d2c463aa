using ContainerdPS.Files;
using ContainerdPS.Native;

namespace ContainerdPS.Oci.SpecOptions;

/// <summary>
/// Reads files of a snapshot from its layers' folders, as overlayfs would show them, without mounting anything: that
/// needs no privilege beyond reading the folders. Every step is taken from an open folder and follows no link by
/// itself, so a container that changes its files meanwhile cannot lead a reader out of its root.
/// </summary>
/// <remarks>Overlay's redirected folders are not followed: they occur only in the writable layer of a container that renamed a folder of its image.</remarks>
internal sealed class MountedLayersRootFileSystem : IRootFileSystem
{
    private readonly List<string> _layers;
    private readonly string? _unreadable;

    private MountedLayersRootFileSystem(List<string> layers, string? unreadable) => (_layers, _unreadable) = (layers, unreadable);

    /// <summary>
    /// Looks at the mounts of a snapshot. Mounts that have no folders to read (a block device) are an error only when
    /// a file is asked for: many containers need none.
    /// </summary>
    /// <param name="mounts">The mounts as the snapshotter gives them: one bind or one overlay mount.</param>
    public static MountedLayersRootFileSystem Create(IReadOnlyList<RootFileSystemMount> mounts)
    {
        if (!OperatingSystem.IsLinux())
        {
            return Unreadable("this machine is not Linux");
        }

        if (mounts.Count != 1)
        {
            return Unreadable($"its snapshot has {mounts.Count} mounts, and only a single one can be read");
        }

        RootFileSystemMount mount = mounts[0];
        bool isOverlay = mount.Type is "overlay" or "fuse3.fuse-overlayfs" or "fuse.fuse-overlayfs";
        bool isBind = mount.Type == "bind" || mount.Options.Contains("bind") || mount.Options.Contains("rbind");
        if (!isOverlay && !isBind)
        {
            return Unreadable($"its snapshot is a mount of the type '{mount.Type}', and only bind and overlay mounts can be read");
        }

        List<string> layers = isOverlay ? OverlayOptions.Layers(mount.Options) : [mount.Source];
        return layers.Count > 0 && layers.TrueForAll(Path.IsPathRooted)
            ? new MountedLayersRootFileSystem(layers, unreadable: null)
            : Unreadable($"the {mount.Type} mount of its snapshot names no folders");

        static MountedLayersRootFileSystem Unreadable(string why) => new([], why);
    }

    /// <inheritdoc/>
    public Stream? OpenRead(string path)
    {
        if (_unreadable is not null)
        {
            throw new ContainerdException(
                ContainerdErrorCode.Unimplemented,
                $"The container's root file system cannot be looked into because {_unreadable}. Give users and groups as numbers (uid:gid).");
        }

        using MergedFolder root = MergedFolder.OpenRoots(_layers);
        using var walk = new PathWalk<MergedFolder>(root, path);
        while (walk.TryNext(out string name))
        {
            MergedFolder.Entry entry = walk.Here.Find(name);
            if (entry.Link is { } target)
            {
                if (!walk.TryFollow(target))
                {
                    throw new ContainerdException(
                        ContainerdErrorCode.FailedPrecondition,
                        $"'{path}' in the container's root file system leads through more than {PathWalk<MergedFolder>.MostLinks} symbolic links; they probably go round in circles.");
                }
            }
            else if (entry.Folder is { } folder)
            {
                walk.Enter(folder);
            }
            else
            {
                // A path that goes on below a file names nothing.
                if (entry.File is { } handle && walk.HasMore)
                {
                    handle.Dispose();
                    return null;
                }

                return entry.File is null ? null : new FileStream(entry.File, FileAccess.Read);
            }
        }

        return null;
    }
}
