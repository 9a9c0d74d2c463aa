using System.Runtime.InteropServices;

namespace ContainerdPS.Native;

/// <summary>A descriptor that becomes readable when another thread says so: what wakes an epoll wait. Linux only.</summary>
internal sealed partial class EventFd : IDisposable
{
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;

    public EventFd()
    {
        Descriptor = new FileDescriptor(Create(0, CloseOnExec | NonBlocking));
        if (Descriptor.IsInvalid)
        {
            throw Errno.ToException(Errno.Last, "An event descriptor for the streams of tasks cannot be made");
        }
    }

    public FileDescriptor Descriptor { get; }

    /// <summary>Makes it readable. A counter that is full already is readable, so the result does not matter.</summary>
    public void Set()
    {
        Span<byte> one = stackalloc byte[sizeof(ulong)];
        MemoryMarshal.Write(one, 1UL);
        _ = Fifo.Write(Descriptor, one);
    }

    /// <summary>Makes it not readable again.</summary>
    public void Reset()
    {
        Span<byte> counter = stackalloc byte[sizeof(ulong)];
        _ = Fifo.Read(Descriptor, counter);
    }

    public void Dispose() => Descriptor.Dispose();

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int Create(uint initial, int flags);
}
