namespace ContainerdPS.Oci.SpecOptions;

/// <summary>Kernel parameters of the container's own namespaces.</summary>
internal static class SysctlOption
{
    private const string Reason = "InvalidSysctl";

    public static void Apply(RuntimeSpec spec, IReadOnlyDictionary<string, string>? sysctls, bool hostNetwork)
    {
        foreach ((string name, string value) in sysctls ?? new Dictionary<string, string>())
        {
            // The runtime turns dots into slashes below /proc/sys: a name must not climb out of there.
            if (string.IsNullOrEmpty(name) || name.Split('.', '/').Any(part => part.Length == 0) || name.Any(c => char.IsWhiteSpace(c) || c == '\0'))
            {
                throw Invalid.Value(Reason, $"'{name}' is not the name of a kernel parameter; it looks like net.core.somaxconn.");
            }

            if (hostNetwork && (name.StartsWith("net.", StringComparison.Ordinal) || name.StartsWith("net/", StringComparison.Ordinal)))
            {
                throw Invalid.Value(Reason, $"The kernel parameter '{name}' belongs to the network, and the container uses the host's; it would change the host.");
            }

            (spec.Linux!.Sysctl ??= [])[name] = value ?? "";
        }
    }
}
