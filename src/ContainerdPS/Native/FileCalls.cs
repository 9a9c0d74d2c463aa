using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ContainerdPS.Native;

/// <summary>
/// Linux file calls relative to an open directory. .NET tells neither device numbers nor extended attributes, and its
/// paths follow symbolic links, which inside a container's root file system must not lead out of it.
/// </summary>
internal static partial class FileCalls
{
    public const int ErrorNoEntry = 2;
    public const int ErrorNotDirectory = 20;

    private const int AtCurrentDirectory = -100;
    private const int AtSymlinkNoFollow = 0x100;
    private const int AtEmptyPath = 0x1000;
    private const uint BasicStats = 0x7FF;
    private const int NonBlock = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int LongestLink = 4096;

    // The only open flags here that differ between the architectures .NET runs on.
    private static readonly bool ArmOrPower = RuntimeInformation.ProcessArchitecture
        is Architecture.Arm or Architecture.Armv6 or Architecture.Arm64 or Architecture.Ppc64le;

    private static int OnlyDirectory => ArmOrPower ? 0x4000 : 0x10000;

    private static int NoFollow => ArmOrPower ? 0x8000 : 0x20000;

    /// <summary>Opens a folder by its path on this machine; null and the error number when that fails.</summary>
    public static SafeFileHandle? OpenRootFolder(string path, out int error) =>
        Open(AtCurrentDirectory, path, OnlyDirectory | CloseOnExec, out error);

    /// <summary>Opens a folder inside a folder, unless the name is a symbolic link.</summary>
    public static SafeFileHandle? OpenFolder(SafeFileHandle folder, string name, out int error) =>
        WithDescriptor(folder, name, OnlyDirectory | NoFollow | CloseOnExec, out error);

    /// <summary>Opens a file inside a folder for reading, unless the name is a symbolic link; a fifo does not block.</summary>
    public static SafeFileHandle? OpenFile(SafeFileHandle folder, string name, out int error) =>
        WithDescriptor(folder, name, NoFollow | NonBlock | CloseOnExec, out error);

    /// <summary>The status of a name inside a folder, of the link itself when it is a symbolic link.</summary>
    public static int Status(SafeFileHandle folder, string name, out FileStatus status) =>
        WithDescriptor(folder, name, AtSymlinkNoFollow, out status);

    /// <summary>The status of an open file.</summary>
    public static int Status(SafeFileHandle file, out FileStatus status) => WithDescriptor(file, "", AtEmptyPath, out status);

    /// <summary>The status of a path on this machine, of the link itself when it is a symbolic link.</summary>
    public static int Status(string path, out FileStatus status) => Status(AtCurrentDirectory, path, AtSymlinkNoFollow, out status);

    /// <summary>The text of a symbolic link inside a folder; null when it cannot be read.</summary>
    public static unsafe string? ReadLink(SafeFileHandle folder, string name)
    {
        bool added = false;
        try
        {
            folder.DangerousAddRef(ref added);
            byte* buffer = stackalloc byte[LongestLink];
            nint length = ReadLinkAt((int)folder.DangerousGetHandle(), name, buffer, LongestLink);
            return length < 0 ? null : Encoding.UTF8.GetString(buffer, (int)length);
        }
        finally
        {
            if (added)
            {
                folder.DangerousRelease();
            }
        }
    }

    /// <summary>Whether an extended attribute of an open file is the one letter asked for.</summary>
    public static unsafe bool HasAttribute(SafeFileHandle file, string name, char value)
    {
        bool added = false;
        try
        {
            file.DangerousAddRef(ref added);
            byte* buffer = stackalloc byte[8];
            return GetAttribute((int)file.DangerousGetHandle(), name, buffer, 8) == 1 && buffer[0] == value;
        }
        finally
        {
            if (added)
            {
                file.DangerousRelease();
            }
        }
    }

    private static SafeFileHandle? WithDescriptor(SafeFileHandle folder, string name, int flags, out int error)
    {
        bool added = false;
        try
        {
            folder.DangerousAddRef(ref added);
            return Open((int)folder.DangerousGetHandle(), name, flags, out error);
        }
        finally
        {
            if (added)
            {
                folder.DangerousRelease();
            }
        }
    }

    private static int WithDescriptor(SafeFileHandle folder, string name, int flags, out FileStatus status)
    {
        bool added = false;
        try
        {
            folder.DangerousAddRef(ref added);
            return Status((int)folder.DangerousGetHandle(), name, flags, out status);
        }
        finally
        {
            if (added)
            {
                folder.DangerousRelease();
            }
        }
    }

    private static SafeFileHandle? Open(int folder, string name, int flags, out int error)
    {
        int descriptor = OpenAt(folder, name, flags);
        error = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    private static int Status(int folder, string name, int flags, out FileStatus status)
    {
        int result = StatX(folder, name, flags, BasicStats, out StatXBuffer raw);
        status = new FileStatus(raw.Mode, raw.DeviceMajor, raw.DeviceMinor, raw.Uid, raw.Gid, raw.Size);
        return result < 0 ? Marshal.GetLastPInvokeError() : 0;
    }

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenAt(int folder, string path, int flags);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, out StatXBuffer buffer);

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial nint ReadLinkAt(int folder, string path, byte* buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "fgetxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial nint GetAttribute(int file, string name, byte* value, nuint size);

    /// <summary>struct statx: unlike struct stat it is laid out the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatXBuffer
    {
        [FieldOffset(20)]
        public uint Uid;

        [FieldOffset(24)]
        public uint Gid;

        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(40)]
        public ulong Size;

        [FieldOffset(128)]
        public uint DeviceMajor;

        [FieldOffset(132)]
        public uint DeviceMinor;
    }
}
