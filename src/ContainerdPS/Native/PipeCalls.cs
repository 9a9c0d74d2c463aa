using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ContainerdPS.Native;

/// <summary>pipe2(2).</summary>
internal static unsafe partial class PipeCalls
{
    private const int CloseOnExec = 0x80000;

    /// <summary>
    /// A pipe whose ends no child inherits, whoever forks and whenever: the flag is set in the call that makes them.
    /// </summary>
    /// <exception cref="Win32Exception">No descriptors are left.</exception>
    public static (SafeFileHandle Read, SafeFileHandle Write) Create()
    {
        var ends = stackalloc int[2];
        Open(ends);
        return (new SafeFileHandle(ends[0], ownsHandle: true), new SafeFileHandle(ends[1], ownsHandle: true));
    }

    /// <inheritdoc cref="Create"/>
    public static (FileDescriptor Read, FileDescriptor Write) CreateDescriptors()
    {
        var ends = stackalloc int[2];
        Open(ends);
        return (new FileDescriptor(ends[0]), new FileDescriptor(ends[1]));
    }

    private static void Open(int* ends)
    {
        if (pipe2(ends, CloseOnExec) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int pipe2(int* ends, int flags);
}
