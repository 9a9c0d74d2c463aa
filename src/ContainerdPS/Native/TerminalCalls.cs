using System.Runtime.InteropServices;

namespace ContainerdPS.Native;

/// <summary>termios(3) and its relatives. Linux only. Those that give an int give 0 or the error number.</summary>
internal static unsafe partial class TerminalCalls
{
    private const int ReadWrite = 2;
    private const int NonBlocking = 0x800;
    private const int NoControllingTerminal = 0x100;
    private const int CloseOnExec = 0x80000;
    private const int DuplicateCloseOnExec = 1030;
    private const int Now = 0;
    private const nuint GetWindowSize = 0x5413;

    /// <summary>Is this descriptor of the process a terminal?</summary>
    public static bool IsTerminal(int number) => isatty(number) == 1;

    /// <summary>May the process use the terminal, or does it run in the background of a shell?</summary>
    public static bool IsForeground(int number) => tcgetpgrp(number) == getpgrp();

    /// <summary>
    /// The terminal behind a descriptor of the process, opened anew so that it does not block: that flag is shared by all
    /// who have inherited the same opening, the shell we were started from among them. Where it may not be opened, as
    /// after su, it is the same opening, which may block.
    /// </summary>
    public static FileDescriptor Reopen(int number)
    {
        int opened = open($"/proc/self/fd/{number}", ReadWrite | NonBlocking | NoControllingTerminal | CloseOnExec, 0);
        return opened >= 0 ? new FileDescriptor(opened) : Duplicate(number);
    }

    /// <summary>Another descriptor of the same opening, to be closed by itself.</summary>
    public static FileDescriptor Duplicate(int number) => new(fcntl(number, DuplicateCloseOnExec, 0));

    public static int GetAttributes(FileDescriptor terminal, out TerminalAttributes attributes) =>
        tcgetattr(terminal, out attributes) == 0 ? 0 : Errno.Last;

    /// <summary>Sets them at once; what was typed and not yet read stays.</summary>
    public static int SetAttributes(FileDescriptor terminal, TerminalAttributes attributes)
    {
        while (tcsetattr(terminal, Now, &attributes) != 0)
        {
            int errno = Errno.Last;
            if (errno != Errno.EINTR)
            {
                return errno;
            }
        }

        return 0;
    }

    /// <summary>Every byte through as it is, at once, in both directions.</summary>
    public static TerminalAttributes Raw(TerminalAttributes attributes)
    {
        cfmakeraw(&attributes);
        return attributes;
    }

    /// <summary>The size of the window in characters; false where the terminal does not know.</summary>
    public static bool TryGetSize(FileDescriptor terminal, out int columns, out int rows)
    {
        ushort* size = stackalloc ushort[4];
        bool known = ioctl(terminal, GetWindowSize, size) == 0 && size[0] > 0 && size[1] > 0;
        (columns, rows) = known ? (size[1], size[0]) : (0, 0);
        return known;
    }

    [LibraryImport("libc")]
    private static partial int isatty(int fd);

    [LibraryImport("libc")]
    private static partial int tcgetpgrp(int fd);

    [LibraryImport("libc")]
    private static partial int getpgrp();

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags, int mode);

    [LibraryImport("libc")]
    private static partial int fcntl(int fd, int command, int argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int tcgetattr(FileDescriptor fd, out TerminalAttributes attributes);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int tcsetattr(FileDescriptor fd, int when, TerminalAttributes* attributes);

    [LibraryImport("libc")]
    private static partial void cfmakeraw(TerminalAttributes* attributes);

    [LibraryImport("libc")]
    private static partial int ioctl(FileDescriptor fd, nuint request, ushort* size);
}
