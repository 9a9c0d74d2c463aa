using Xunit;

namespace ContainerdPS.Tests.Support;

/// <summary>A test that starts a real containerd; it is skipped, with the reason, where that cannot be done.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NeedsContainerdFactAttribute : FactAttribute
{
    private static readonly string[] Programs = ["containerd", "containerd-shim-runc-v2", "ctr", "runc", "busybox"];

    public NeedsContainerdFactAttribute() => Skip = Obstacle();

    private static string? Obstacle()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "A private containerd runs on Linux only.";
        }

        if (!Environment.IsPrivilegedProcess)
        {
            return "A private containerd needs root.";
        }

        string[] folders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
        var missing = Programs.Where(name => !folders.Any(folder => File.Exists(Path.Combine(folder, name)))).ToList();
        return missing.Count == 0 ? null : $"Not installed: {string.Join(", ", missing)}.";
    }
}
