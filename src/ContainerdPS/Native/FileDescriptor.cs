using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ContainerdPS.Native;

/// <summary>An open file descriptor: closed once, never while a system call of ours is using it.</summary>
internal sealed partial class FileDescriptor : SafeHandleMinusOneIsInvalid
{
    /// <summary>Takes over what a system call returned; -1 makes an invalid one.</summary>
    /// <remarks>
    /// System calls return 32 bits, and a handle marshalled as a return value reads 64: an error would look like
    /// descriptor 4294967295. So P/Invokes return int and the number is widened here, with its sign.
    /// </remarks>
    public FileDescriptor(int number)
        : base(ownsHandle: true) => SetHandle(number);

    // Linux frees the number even when close is interrupted, so there is no retry.
    protected override bool ReleaseHandle() => Close((int)handle) == 0;

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int fd);
}
