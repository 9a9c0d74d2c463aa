namespace ContainerdPS.Oci.SpecOptions;

/// <summary>Namespaces of the host instead of the container's own, and the names in them.</summary>
internal static class NamespaceOption
{
    private const string Reason = "InvalidHostname";

    private const int LongestHostname = 64;

    // With the host's network, names are looked up as on the host.
    private static readonly string[] NetworkFiles = ["/etc/hosts", "/etc/resolv.conf"];

    public static void Apply(RuntimeSpec spec, SpecRequest request)
    {
        List<LinuxNamespace> namespaces = spec.Linux!.Namespaces ??= [];
        if (request.HostNetwork)
        {
            namespaces.RemoveAll(one => one.Type == "network");
            spec.Mounts ??= [];
            foreach (string file in NetworkFiles)
            {
                if (File.Exists(file))
                {
                    spec.Mounts.Add(new SpecMount { Destination = file, Type = "bind", Source = file, Options = ["rbind", "ro"] });
                }
            }
        }

        if (request.HostPid)
        {
            namespaces.RemoveAll(one => one.Type == "pid");
        }

        if (request.HostIpc)
        {
            namespaces.RemoveAll(one => one.Type == "ipc");
        }

        if (!string.IsNullOrEmpty(request.Hostname))
        {
            spec.Hostname = Check(request.Hostname);
        }
    }

    private static string Check(string hostname)
    {
        bool good = hostname.Length <= LongestHostname
            && hostname.Split('.').All(label => label.Length > 0 && label[0] != '-' && label[^1] != '-'
                && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));
        return good
            ? hostname
            : throw Invalid.Value(Reason, $"'{hostname}' is not a host name: it may have {LongestHostname} letters, digits and '-', in parts between dots.");
    }
}
