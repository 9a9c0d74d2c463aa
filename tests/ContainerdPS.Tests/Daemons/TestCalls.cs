using System.Runtime.InteropServices;

namespace ContainerdPS.Tests.Daemons;

internal static class TestCalls
{
    [DllImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static extern int SetDescriptorFlags(int descriptor, int command, int flags);
}
