using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ContainerdPS.Native;

/// <summary>An open file descriptor: closed once, never while a system call of ours is using it.</summary>
internal sealed partial class FileDescriptor : SafeHandleMinusOneIsInvalid
{
    public FileDescriptor()
        : base(ownsHandle: true)
    {
    }

    // Linux frees the number even when close is interrupted, so there is no retry.
    protected override bool ReleaseHandle() => Close((int)handle) == 0;

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int fd);
}
