using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ContainerdPS.Native;

/// <summary>Extended attributes of a file or folder. Linux only.</summary>
internal static partial class AttributeCalls
{
    private const int OutOfRange = 34;

    /// <summary>The names of the attributes this user may see; empty where the file system keeps none.</summary>
    public static string[] List(SafeFileHandle file) => Names(ReadAll((buffer, size) => flistxattr(file, buffer, size)));

    /// <summary>The value of an attribute; null when it cannot be read.</summary>
    public static byte[]? Get(SafeFileHandle file, string name) => ReadAll((buffer, size) => fgetxattr(file, name, buffer, size));

    /// <summary>The attributes of a path itself, of the link when it is a symbolic link, in the order of their names.</summary>
    public static IReadOnlyList<KeyValuePair<string, byte[]>> OfPath(string path)
    {
        var attributes = new List<KeyValuePair<string, byte[]>>();
        foreach (string name in Names(ReadAll((buffer, size) => llistxattr(path, buffer, size))).Order(StringComparer.Ordinal))
        {
            if (ReadAll((buffer, size) => lgetxattr(path, name, buffer, size)) is { } value)
            {
                attributes.Add(new(name, value));
            }
        }

        return attributes;
    }

    /// <summary>Sets an attribute. Returns 0 or the error number.</summary>
    public static int Set(SafeFileHandle file, string name, byte[] value) => fsetxattr(file, name, value, (nuint)value.Length, 0) == 0 ? 0 : Errno.Last;

    private static string[] Names(byte[]? names) => names is null ? [] : Encoding.UTF8.GetString(names).Split('\0', StringSplitOptions.RemoveEmptyEntries);

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

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint llistxattr([MarshalUsing(typeof(FileNames.Marshaller))] string path, byte[]? names, nuint size);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint lgetxattr([MarshalUsing(typeof(FileNames.Marshaller))] string path, string name, byte[]? value, nuint size);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int fsetxattr(SafeFileHandle file, string name, byte[] value, nuint size, int flags);
}
