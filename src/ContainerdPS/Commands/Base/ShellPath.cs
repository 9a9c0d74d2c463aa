using System.Management.Automation;

namespace ContainerdPS.Commands;

/// <summary>Paths of addresses: a relative one is relative to the shell's location, which is not the process's folder.</summary>
internal static class ShellPath
{
    public static string Resolve(PSCmdlet cmdlet, string address) =>
        !OperatingSystem.IsWindows() && !address.Contains(':', StringComparison.Ordinal) && !Path.IsPathRooted(address) && !address.StartsWith('\\')
            ? cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(address)
            : address;
}
