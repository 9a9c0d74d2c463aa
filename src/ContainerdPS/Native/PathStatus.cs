using System.Runtime.InteropServices;
using System.Text;

namespace ContainerdPS.Native;

/// <summary>What the kernel knows about a path itself (a symbolic link is not followed): statx and the extended attributes.</summary>
internal static unsafe partial class PathStatus
{
    private const int CurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const int EmptyPath = 0x1000;
    private const uint BasicStats = 0x7FF;
    private const uint BirthTime = 0x800;
    private const int OutOfRange = 34;

    /// <summary>Whether this system can be asked.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux();

    /// <summary>Reads the status of a path, without following a link at its end.</summary>
    /// <returns>False with the error number when it cannot be read.</returns>
    public static bool TryGet(string path, out FileStatusRecord record, out int error)
    {
        int result = Statx(CurrentFolder, path, NoFollow, BasicStats, out record);
        error = result == 0 ? 0 : Marshal.GetLastPInvokeError();
        return result == 0;
    }

    /// <summary>Reads the status of what a path leads to.</summary>
    public static bool TryGetTarget(string path, out FileStatusRecord record, out int error)
    {
        int result = Statx(CurrentFolder, path, 0, BasicStats, out record);
        error = result == 0 ? 0 : Marshal.GetLastPInvokeError();
        return result == 0;
    }

    /// <summary>Reads the status of an open file.</summary>
    public static bool TryGet(SafeHandle file, out FileStatusRecord record, out int error)
    {
        bool added = false;
        try
        {
            file.DangerousAddRef(ref added);
            int result = Statx((int)file.DangerousGetHandle(), string.Empty, EmptyPath, BasicStats | BirthTime, out record);
            error = result == 0 ? 0 : Marshal.GetLastPInvokeError();
            return result == 0;
        }
        finally
        {
            if (added)
            {
                file.DangerousRelease();
            }
        }
    }

    /// <summary>Reads the extended attributes of a path itself that the caller may see, in the order of their names.</summary>
    /// <returns>Empty where the file system keeps none, or does not let this user list them.</returns>
    public static IReadOnlyList<KeyValuePair<string, byte[]>> ExtendedAttributes(string path)
    {
        byte[]? names = ReadAll((buffer, size) => ListAttributes(path, buffer, size));
        if (names is null || names.Length == 0)
        {
            return [];
        }

        SortedDictionary<string, byte[]> attributes = new(StringComparer.Ordinal);
        foreach (string name in Encoding.UTF8.GetString(names).Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            if (ReadAll((buffer, size) => GetAttribute(path, name, buffer, size)) is { } value)
            {
                attributes[name] = value;
            }
        }

        return [.. attributes];
    }

    private delegate nint AttributeCall(byte* buffer, nuint size);

    // Asked for its size first; one that grows in between is asked again.
    private static byte[]? ReadAll(AttributeCall call)
    {
        while (true)
        {
            nint size = call(null, 0);
            if (size <= 0)
            {
                return size == 0 ? [] : null;
            }

            byte[] value = new byte[size];
            fixed (byte* buffer = value)
            {
                size = call(buffer, (nuint)value.Length);
            }

            if (size >= 0)
            {
                return value[..(int)size];
            }

            if (Marshal.GetLastPInvokeError() != OutOfRange)
            {
                return null;
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, out FileStatusRecord record);

    [LibraryImport("libc", EntryPoint = "llistxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint ListAttributes(string path, byte* names, nuint size);

    [LibraryImport("libc", EntryPoint = "lgetxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetAttribute(string path, string name, byte* value, nuint size);
}
