using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ContainerdPS.Native;

/// <summary>Extended attributes of an open file or folder. Linux only.</summary>
internal static partial class AttributeCalls
{
    private const int OutOfRange = 34;

    /// <summary>The names of the attributes this user may see; empty where the file system keeps none.</summary>
    public static string[] List(SafeFileHandle file)
    {
        byte[]? names = ReadAll((buffer, size) => flistxattr(file, buffer, size));
        return names is null ? [] : Encoding.UTF8.GetString(names).Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The value of an attribute; null when it cannot be read.</summary>
    public static byte[]? Get(SafeFileHandle file, string name) => ReadAll((buffer, size) => fgetxattr(file, name, buffer, size));

    /// <summary>Sets an attribute. Returns 0 or the error number.</summary>
    public static int Set(SafeFileHandle file, string name, byte[] value) => fsetxattr(file, name, value, (nuint)value.Length, 0) == 0 ? 0 : Errno.Last;

    private delegate nint Call(byte[]? buffer, nuint size);

    // Asked for its size first; one that grows in between is asked again.
    private static byte[]? ReadAll(Call call)
    {
        while (true)
        {
            nint size = call(null, 0);
            if (size <= 0)
            {
                return size == 0 ? [] : null;
            }

            byte[] value = new byte[size];
            size = call(value, (nuint)value.Length);
            if (size >= 0)
            {
                return value[..(int)size];
            }

            if (Errno.Last != OutOfRange)
            {
                return null;
            }
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint flistxattr(SafeFileHandle file, byte[]? names, nuint size);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint fgetxattr(SafeFileHandle file, string name, byte[]? value, nuint size);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int fsetxattr(SafeFileHandle file, string name, byte[] value, nuint size, int flags);
}
