namespace ContainerdPS.Oci.SpecOptions;

/// <summary>Profiles and flags that bind a process further; containerd sets no profile by itself.</summary>
internal static class SecurityOption
{
    public static void Apply(RuntimeSpec spec, SpecRequest request)
    {
        SpecProcess process = spec.Process!;
        if (request.NoNewPrivileges is { } noNewPrivileges)
        {
            process.NoNewPrivileges = noNewPrivileges;
        }

        if (!string.IsNullOrEmpty(request.AppArmorProfile))
        {
            process.ApparmorProfile = request.AppArmorProfile;
        }

        if (request.Seccomp is { } seccomp)
        {
            spec.Linux!.Seccomp = seccomp;
        }
    }
}
