namespace ContainerdPS.Oci.SpecOptions;

/// <summary>The specification containerd itself starts from for a Linux container.</summary>
internal static class DefaultSpec
{
    /// <summary>
    /// containerd 1.6 writes this version. Nothing in the default specification is newer, and a runtime accepts a
    /// document of an older minor version, so it fits every daemon from 1.6 on and every runtime below it.
    /// </summary>
    public const string OciVersion = "1.0.2-dev";

    /// <summary>The search path of a container whose image sets none.</summary>
    public const string DefaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private const ulong OpenFiles = 1024;

    /// <summary>Makes a new specification: no command, root of the file system "rootfs".</summary>
    /// <param name="containerdNamespace">containerd's namespace; part of the cgroup's path.</param>
    /// <param name="containerId">The container's id; part of the cgroup's path.</param>
    /// <param name="unifiedCgroups">Whether the daemon's host has cgroup v2 alone; null asks this machine, which is the daemon's host when its socket is local.</param>
    public static RuntimeSpec CreateLinux(string containerdNamespace, string containerId, bool? unifiedCgroups = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(containerdNamespace);
        ArgumentException.ThrowIfNullOrEmpty(containerId);
        var namespaces = new List<LinuxNamespace>
        {
            new() { Type = "pid" },
            new() { Type = "ipc" },
            new() { Type = "uts" },
            new() { Type = "mount" },
            new() { Type = "network" },
        };
        if (unifiedCgroups ?? HostHasUnifiedCgroups())
        {
            namespaces.Add(new LinuxNamespace { Type = "cgroup" });
        }

        return new RuntimeSpec
        {
            OciVersion = OciVersion,
            Root = new SpecRoot { Path = "rootfs" },
            Process = new SpecProcess
            {
                Cwd = "/",
                NoNewPrivileges = true,
                User = new SpecUser { Uid = 0, Gid = 0 },
                Capabilities = new SpecCapabilities
                {
                    Bounding = [.. LinuxCapabilities.Default],
                    Permitted = [.. LinuxCapabilities.Default],
                    Effective = [.. LinuxCapabilities.Default],
                },
                Rlimits = [new SpecRlimit { Type = "RLIMIT_NOFILE", Hard = OpenFiles, Soft = OpenFiles }],
            },
            Mounts = DefaultMounts(),
            Linux = new SpecLinux
            {
                CgroupsPath = $"/{containerdNamespace}/{containerId}",
                Namespaces = namespaces,
                MaskedPaths =
                [
                    "/proc/acpi",
                    "/proc/asound",
                    "/proc/kcore",
                    "/proc/keys",
                    "/proc/latency_stats",
                    "/proc/timer_list",
                    "/proc/timer_stats",
                    "/proc/sched_debug",
                    "/sys/firmware",
                    "/proc/scsi",
                ],
                ReadonlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"],
                Resources = new LinuxResources { Devices = DefaultDeviceRules() },
            },
        };
    }

    // What cgroup2 shows at its root and the folders of separate v1 hierarchies do not.
    private static bool HostHasUnifiedCgroups() => File.Exists("/sys/fs/cgroup/cgroup.controllers");

    private static List<SpecMount> DefaultMounts() =>
    [
        Mount("/proc", "proc", "proc", "nosuid", "noexec", "nodev"),
        Mount("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
        Mount("/dev/pts", "devpts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"),
        Mount("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k"),
        Mount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev"),
        Mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro"),
        Mount("/run", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
    ];

    private static SpecMount Mount(string destination, string type, string source, params string[] options) =>
        new() { Destination = destination, Type = type, Source = source, Options = [.. options] };

    // Everything is denied but null, random, full, tty, zero, urandom, console, the pseudo terminals and ptmx.
    private static List<LinuxDeviceCgroup> DefaultDeviceRules() =>
    [
        new LinuxDeviceCgroup { Allow = false, Access = "rwm" },
        Allow(1, 3),
        Allow(1, 8),
        Allow(1, 7),
        Allow(5, 0),
        Allow(1, 5),
        Allow(1, 9),
        Allow(5, 1),
        Allow(136, null),
        Allow(5, 2),
    ];

    private static LinuxDeviceCgroup Allow(long major, long? minor) =>
        new() { Allow = true, Type = "c", Major = major, Minor = minor, Access = "rwm" };
}
