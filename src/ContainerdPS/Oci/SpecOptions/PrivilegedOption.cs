namespace ContainerdPS.Oci.SpecOptions;

/// <summary>Takes nearly all containment away: all capabilities and devices, nothing masked, sysfs and cgroups writable.</summary>
internal static class PrivilegedOption
{
    public static void Apply(RuntimeSpec spec)
    {
        SpecProcess process = spec.Process!;
        SpecLinux linux = spec.Linux!;
        List<string> all = LinuxCapabilities.Available();
        process.Capabilities = new SpecCapabilities { Bounding = [.. all], Effective = [.. all], Permitted = all };
        process.ApparmorProfile = null;
        process.SelinuxLabel = null;
        linux.MaskedPaths = null;
        linux.ReadonlyPaths = null;
        linux.Seccomp = null;
        linux.Devices = HostDevices.FindAll("/dev");
        linux.Resources ??= new LinuxResources();
        linux.Resources.Devices = [new LinuxDeviceCgroup { Allow = true, Access = "rwm" }];
        foreach (SpecMount mount in spec.Mounts ?? [])
        {
            int readOnly = mount.Type is "sysfs" or "cgroup" or "cgroup2" ? mount.Options?.IndexOf("ro") ?? -1 : -1;
            if (readOnly >= 0)
            {
                mount.Options![readOnly] = "rw";
            }
        }
    }
}
