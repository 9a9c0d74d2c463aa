using System.Buffers;
using System.Runtime.InteropServices.Marshalling;
using System.Text;

namespace ContainerdPS.Native;

/// <summary>
/// File names as text and back without loss. To Linux they are bytes; those that are not UTF-8 become lone surrogates
/// (U+DC80 to U+DCFF), which no valid text has, so that a file named in another encoding is copied under its own name.
/// </summary>
internal static class FileNames
{
    private const char EscapeBase = '\uDC00';
    private const char FirstEscape = '\uDC80';
    private const char LastEscape = '\uDCFF';

    /// <summary>The most bytes one UTF-16 unit becomes.</summary>
    private const int MaxBytesPerChar = 3;

    public static string Decode(ReadOnlySpan<byte> name)
    {
        if (Ascii.IsValid(name))
        {
            return Encoding.ASCII.GetString(name);
        }

        var text = new StringBuilder(name.Length);
        while (!name.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(name, out Rune rune, out int length) == OperationStatus.Done)
            {
                text.Append(rune.ToString());
                name = name[length..];
            }
            else
            {
                text.Append((char)(EscapeBase + name[0]));
                name = name[1..];
            }
        }

        return text.ToString();
    }

    public static int MaxLength(string name) => name.Length * MaxBytesPerChar;

    /// <summary>Writes the bytes of a name and returns their number; the room must be <see cref="MaxLength"/>.</summary>
    public static int Encode(string name, Span<byte> bytes)
    {
        int length = 0;
        for (int i = 0; i < name.Length; i++)
        {
            if (name[i] is >= FirstEscape and <= LastEscape)
            {
                bytes[length++] = (byte)(name[i] - EscapeBase);
            }
            else if (Rune.DecodeFromUtf16(name.AsSpan(i), out Rune rune, out int used) == OperationStatus.Done)
            {
                length += rune.EncodeToUtf8(bytes[length..]);
                i += used - 1;
            }
            else
            {
                length += Rune.ReplacementChar.EncodeToUtf8(bytes[length..]);
            }
        }

        return length;
    }

    /// <summary>Passes a name to a system call.</summary>
    [CustomMarshaller(typeof(string), MarshalMode.ManagedToUnmanagedIn, typeof(In))]
    public static unsafe class Marshaller
    {
        /// <summary>A name for the time of one call.</summary>
        public ref struct In
        {
            private byte[]? rented;
            private Span<byte> bytes;

            public static int BufferSize => 256;

            /// <exception cref="ContainerdException">The name has a NUL in it, after which the kernel would not read on.</exception>
            public void FromManaged(string managed, Span<byte> buffer)
            {
                if (managed.Contains('\0', StringComparison.Ordinal))
                {
                    throw new ContainerdException(ContainerdErrorCode.InvalidArgument, "A path has a NUL character in it, which no file name has.") { Reason = "InvalidPath" };
                }

                int most = MaxLength(managed) + 1;
                bytes = most <= buffer.Length ? buffer : rented = ArrayPool<byte>.Shared.Rent(most);
                bytes[Encode(managed, bytes)] = 0;
            }

            public readonly ref byte GetPinnableReference() => ref bytes.GetPinnableReference();

            public readonly byte* ToUnmanaged() => (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref bytes.GetPinnableReference());

            public readonly void Free()
            {
                if (rented is not null)
                {
                    ArrayPool<byte>.Shared.Return(rented);
                }
            }
        }
    }
}
