using ContainerdPS.Native;

namespace ContainerdPS.Oci.SpecOptions;

/// <summary>Device nodes of this machine, which is the daemon's host when its socket is local.</summary>
internal static class HostDevices
{
    // Each container gets its own of these, or they are leftovers of other managers, not devices.
    private static readonly string[] SkippedFolders = ["pts", "shm", "fd", "mqueue", ".lxc", ".lxd-mounts", ".udev"];

    /// <summary>The device nodes below a folder, without links, fifos and the console.</summary>
    public static List<LinuxDevice> FindAll(string folder)
    {
        var found = new List<LinuxDevice>();
        if (OperatingSystem.IsLinux())
        {
            Collect(folder, found);
        }

        return found;
    }

    /// <summary>One device node; null when the path is none.</summary>
    public static LinuxDevice? Find(string path) =>
        OperatingSystem.IsLinux() && StatxCall.Read(path, out FileStatus status) == 0 ? Describe(path, status) : null;

    private static void Collect(string folder, List<LinuxDevice> found)
    {
        string[] entries;
        try
        {
            entries = Directory.GetFileSystemEntries(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Devices come and go, and some folders are not ours to read: what is left is still worth having.
            return;
        }

        Array.Sort(entries, StringComparer.Ordinal);
        foreach (string path in entries)
        {
            string name = Path.GetFileName(path);
            if (StatxCall.Read(path, out FileStatus status) != 0)
            {
                continue;
            }

            if (status.IsDirectory)
            {
                if (!SkippedFolders.Contains(name))
                {
                    Collect(path, found);
                }
            }
            else if (name != "console" && Describe(path, status) is { } device)
            {
                found.Add(device);
            }
        }
    }

    private static LinuxDevice? Describe(string path, FileStatus status)
    {
        string? type = status.IsCharacterDevice ? "c" : status.IsBlockDevice ? "b" : null;
        return type is null ? null : new LinuxDevice
        {
            Path = path,
            Type = type,
            Major = status.DeviceMajor,
            Minor = status.DeviceMinor,
            FileMode = status.Permissions,
            Uid = status.Uid,
            Gid = status.Gid,
        };
    }
}
