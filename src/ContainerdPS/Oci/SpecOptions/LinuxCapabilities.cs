using System.Globalization;

namespace ContainerdPS.Oci.SpecOptions;

/// <summary>Names of the Linux capabilities, in the order of their numbers.</summary>
internal static class LinuxCapabilities
{
    /// <summary>What a container has unless told otherwise, in containerd's order.</summary>
    public static IReadOnlyList<string> Default { get; } =
    [
        "CAP_CHOWN",
        "CAP_DAC_OVERRIDE",
        "CAP_FSETID",
        "CAP_FOWNER",
        "CAP_MKNOD",
        "CAP_NET_RAW",
        "CAP_SETGID",
        "CAP_SETUID",
        "CAP_SETFCAP",
        "CAP_SETPCAP",
        "CAP_NET_BIND_SERVICE",
        "CAP_SYS_CHROOT",
        "CAP_KILL",
        "CAP_AUDIT_WRITE",
    ];

    /// <summary>All that Linux has.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "CAP_CHOWN",
        "CAP_DAC_OVERRIDE",
        "CAP_DAC_READ_SEARCH",
        "CAP_FOWNER",
        "CAP_FSETID",
        "CAP_KILL",
        "CAP_SETGID",
        "CAP_SETUID",
        "CAP_SETPCAP",
        "CAP_LINUX_IMMUTABLE",
        "CAP_NET_BIND_SERVICE",
        "CAP_NET_BROADCAST",
        "CAP_NET_ADMIN",
        "CAP_NET_RAW",
        "CAP_IPC_LOCK",
        "CAP_IPC_OWNER",
        "CAP_SYS_MODULE",
        "CAP_SYS_RAWIO",
        "CAP_SYS_CHROOT",
        "CAP_SYS_PTRACE",
        "CAP_SYS_PACCT",
        "CAP_SYS_ADMIN",
        "CAP_SYS_BOOT",
        "CAP_SYS_NICE",
        "CAP_SYS_RESOURCE",
        "CAP_SYS_TIME",
        "CAP_SYS_TTY_CONFIG",
        "CAP_MKNOD",
        "CAP_LEASE",
        "CAP_AUDIT_WRITE",
        "CAP_AUDIT_CONTROL",
        "CAP_SETFCAP",
        "CAP_MAC_OVERRIDE",
        "CAP_MAC_ADMIN",
        "CAP_SYSLOG",
        "CAP_WAKE_ALARM",
        "CAP_BLOCK_SUSPEND",
        "CAP_AUDIT_READ",
        "CAP_PERFMON",
        "CAP_BPF",
        "CAP_CHECKPOINT_RESTORE",
    ];

    /// <summary>
    /// All that can be had on this machine: a runtime fails on one its own bounding set lacks, as it does inside a
    /// virtual machine or a container that was started without some.
    /// </summary>
    public static List<string> Available() => FromBoundingSet(ReadBoundingSet());

    /// <summary>The names in a bounding set; all names where the set is not known.</summary>
    public static List<string> FromBoundingSet(ulong? set)
    {
        var names = new List<string>(All.Count);
        for (int number = 0; number < All.Count; number++)
        {
            if (set is null || (set.Value >> number & 1) != 0)
            {
                names.Add(All[number]);
            }
        }

        return names;
    }

    /// <summary>The whole name of a capability given with or without <c>CAP_</c>, in any case.</summary>
    /// <exception cref="ContainerdException">Linux has no such capability.</exception>
    public static string Parse(string text)
    {
        string name = text.ToUpperInvariant();
        name = name.StartsWith("CAP_", StringComparison.Ordinal) ? name : "CAP_" + name;
        return All.Contains(name)
            ? name
            : throw new ContainerdException(
                ContainerdErrorCode.InvalidArgument,
                $"'{text}' is not a Linux capability. Give a name such as NET_ADMIN or CAP_NET_ADMIN, or ALL.") { Reason = "InvalidCapability" };
    }

    private static ulong? ReadBoundingSet()
    {
        const string label = "CapBnd:";
        try
        {
            foreach (string line in File.ReadLines("/proc/self/status"))
            {
                if (line.StartsWith(label, StringComparison.Ordinal)
                    && ulong.TryParse(line.AsSpan(label.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong set))
                {
                    return set;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No procfs: the client is not on Linux, and the daemon's runtime has the last word.
        }

        return null;
    }
}
