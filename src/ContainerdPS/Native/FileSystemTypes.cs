using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ContainerdPS.Native;

/// <summary>Tells file systems that show the kernel's state from those that keep files. Linux only.</summary>
internal static partial class FileSystemTypes
{
    // The magic numbers of proc, sysfs, both cgroups, devpts, mqueue, debugfs, tracefs, securityfs, bpf, pstore, efivarfs,
    // configfs, selinuxfs, binfmt_misc and nsfs.
    private static readonly HashSet<uint> OfKernel =
    [
        0x9FA0, 0x62656572, 0x27E0EB, 0x63677270, 0x1CD1, 0x19800202, 0x64626720, 0x74726163, 0x73636673, 0xCAFE4A11, 0x6165676C, 0xDE5E81E4,
        0x62656570, 0xF97CFF8C, 0x42494E4D, 0x6E736673,
    ];

    /// <summary>Whether what an open folder holds is the kernel's and no files.</summary>
    public static bool IsKernels(SafeFileHandle folder)
    {
        // struct statfs begins with the type, a long; its size differs between architectures.
        Span<byte> status = stackalloc byte[256];
        return fstatfs(folder, status) == 0 && OfKernel.Contains((uint)MemoryMarshal.Read<nint>(status));
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fstatfs(SafeFileHandle folder, Span<byte> status);
}
