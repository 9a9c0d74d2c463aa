using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ContainerdPS.Native;

/// <summary>An epoll instance. Linux only.</summary>
internal sealed partial class Epoll : IDisposable
{
    private const int CloseOnExec = 0x80000;
    private const int Add = 1;
    private const int Delete = 2;
    private const int Modify = 3;

    // struct epoll_event { u32 events; u64 data; } is packed on x86 (12 bytes) and naturally aligned elsewhere
    // (16), which no attribute can say for both: hence bytes and offsets.
    private static readonly bool s_packed =
        RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86;

    private static readonly int s_dataOffset = s_packed ? 4 : 8;
    private static readonly int s_eventSize = s_packed ? 12 : 16;

    private readonly FileDescriptor _descriptor;
    private readonly byte[] _events;

    /// <summary>Makes an instance that reports at most so many events a wait.</summary>
    public Epoll(int capacity)
    {
        _descriptor = new FileDescriptor(EpollCreate(CloseOnExec));
        if (_descriptor.IsInvalid)
        {
            throw Errno.ToException(Errno.Last, "An epoll instance for the streams of tasks cannot be made");
        }
        _events = new byte[capacity * s_eventSize];
    }

    public void Watch(FileDescriptor target, EpollEvents events, long key) => Control(Add, target, events, key);

    public void Rearm(FileDescriptor target, EpollEvents events, long key) => Control(Modify, target, events, key);

    public void Forget(FileDescriptor target) => Control(Delete, target, EpollEvents.None, 0);

    /// <summary>Waits for events and returns their number; 0 when the time is over or a signal came.</summary>
    /// <param name="milliseconds">How long to wait; -1 is without end.</param>
    public int Wait(int milliseconds)
    {
        int count = EpollWait(_descriptor, _events, _events.Length / s_eventSize, milliseconds);
        if (count >= 0)
        {
            return count;
        }
        int errno = Errno.Last;
        return errno == Errno.EINTR ? 0 : throw Errno.ToException(errno, "Waiting for the streams of tasks failed");
    }

    /// <summary>One of the events of the last <see cref="Wait"/>.</summary>
    public (EpollEvents Events, long Key) this[int index]
    {
        get
        {
            ref byte start = ref _events[index * s_eventSize];
            return (
                Unsafe.ReadUnaligned<EpollEvents>(ref start),
                Unsafe.ReadUnaligned<long>(ref Unsafe.Add(ref start, s_dataOffset)));
        }
    }

    public void Dispose() => _descriptor.Dispose();

    private void Control(int operation, FileDescriptor target, EpollEvents events, long key)
    {
        Span<byte> entry = stackalloc byte[16];
        Unsafe.WriteUnaligned(ref entry[0], events);
        Unsafe.WriteUnaligned(ref entry[s_dataOffset], key);
        if (EpollControl(_descriptor, operation, target, entry) != 0)
        {
            throw Errno.ToException(Errno.Last, "A stream of a task cannot be watched");
        }
    }

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int EpollControl(FileDescriptor epoll, int operation, FileDescriptor target, Span<byte> entry);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int EpollWait(FileDescriptor epoll, Span<byte> events, int capacity, int milliseconds);
}
