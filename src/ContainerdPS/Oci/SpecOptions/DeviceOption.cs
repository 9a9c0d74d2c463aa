namespace ContainerdPS.Oci.SpecOptions;

/// <summary>Devices of the host inside a container: a node, and the right to use it.</summary>
internal static class DeviceOption
{
    private const string Reason = "InvalidDevice";

    public static void Apply(RuntimeSpec spec, IReadOnlyList<string>? devices)
    {
        foreach (string text in devices ?? [])
        {
            string[] parts = text.Split(':');
            string host = TrimEnd(parts[0]);
            string inside = parts.Length > 1 ? TrimEnd(parts[1]) : host;
            string access = parts.Length > 2 ? parts[2] : "rwm";
            // "/dev/x:r" leaves the path inside out.
            if (parts.Length == 2 && IsAccess(inside))
            {
                (inside, access) = (host, inside);
            }

            if (parts.Length > 3 || !IsAccess(access))
            {
                throw Invalid.Value(Reason, $"'{text}' is not a device; give /dev/x, /dev/x:/dev/y or /dev/x:/dev/y:rwm.");
            }

            Invalid.RequireAbsolute(Reason, host, "device");
            Invalid.RequireAbsolute(Reason, inside, "path of a device inside the container");
            List<LinuxDevice> found = Resolve(host, inside);
            if (found.Count == 0)
            {
                throw Invalid.Value(Reason, $"'{host}' is not a device of this machine, nor a folder that holds devices.");
            }

            foreach (LinuxDevice device in found)
            {
                Add(spec.Linux!, device, access);
            }
        }
    }

    private static void Add(SpecLinux linux, LinuxDevice device, string access)
    {
        linux.Devices ??= [];
        linux.Devices.RemoveAll(present => present.Path == device.Path);
        linux.Devices.Add(device);
        linux.Resources ??= new LinuxResources();
        (linux.Resources.Devices ??= []).Add(new LinuxDeviceCgroup
        {
            Allow = true,
            Type = device.Type,
            Major = device.Major,
            Minor = device.Minor,
            Access = access,
        });
    }

    private static List<LinuxDevice> Resolve(string host, string inside)
    {
        // People name devices by links such as /dev/disk/by-id/..., which the kernel's own name stands behind.
        string target = FinalTarget(host);
        List<LinuxDevice> found = HostDevices.Find(target) is { } single ? [single] : Directory.Exists(target) ? HostDevices.FindAll(target) : [];
        foreach (LinuxDevice device in found)
        {
            device.Path = inside + device.Path![target.Length..];
        }

        return found;
    }

    private static string FinalTarget(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (IOException)
        {
            // Nothing there, or links in a circle: the look for a device says so.
            return path;
        }
    }

    private static string TrimEnd(string path) => path.Length > 1 ? path.TrimEnd('/') : path;

    private static bool IsAccess(string text) => text.Length is > 0 and <= 3 && text.All(c => c is 'r' or 'w' or 'm') && text.Distinct().Count() == text.Length;
}
