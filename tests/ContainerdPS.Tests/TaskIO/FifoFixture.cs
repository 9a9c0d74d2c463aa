using System.Buffers;
using System.Diagnostics;
using System.Text;
using ContainerdPS.TaskIO;
using Xunit;

namespace ContainerdPS.Tests.TaskIO;

/// <summary>
/// A fifo root of its own, the processes that write and read there, and a look at this process's descriptors.
/// One collection, because some tests count what the whole process has open.
/// </summary>
[Collection("Fifos")]
public abstract class FifoFixture : IDisposable
{
    private readonly List<Process> _children = [];

    protected FifoFixture() => Root = Directory.CreateTempSubdirectory("fifo-test-").FullName;

    protected string Root { get; }

    internal FifoSet Make(bool stdin = false, bool terminal = false, string id = "p1") =>
        FifoSet.Create(id, stdin, terminal, Root);

    /// <summary>Starts a shell with the fifos' paths in <c>$in</c>, <c>$out</c> and <c>$err</c>.</summary>
    internal Process Shell(ProcessIO io, string script)
    {
        FifoSet fifos = io.Fifos;
        ProcessStartInfo start = new("/bin/sh") { ArgumentList = { "-c", script } };
        start.Environment["in"] = fifos.Stdin ?? string.Empty;
        start.Environment["out"] = fifos.Stdout ?? string.Empty;
        start.Environment["err"] = fifos.Stderr ?? string.Empty;
        Process child = Process.Start(start)!;
        _children.Add(child);
        return child;
    }

    internal static async Task<string> TextAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> output, CancellationToken cancellationToken = default)
    {
        MemoryStream all = new();
        await foreach (ReadOnlyMemory<byte> part in output.WithCancellation(cancellationToken))
        {
            all.Write(part.Span);
        }
        return Encoding.UTF8.GetString(all.ToArray());
    }

    /// <summary>Waits for something another thread or process does. Its own limit is below the tests': one that is merely timed out keeps its streams.</summary>
    internal static async Task UntilAsync(Func<bool> condition)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1), "What was waited for has not come within a minute.");
            await Task.Delay(5);
        }
    }

    /// <summary>How many descriptors of this process are open below <see cref="Root"/>, also on removed files.</summary>
    protected int OpenDescriptors()
    {
        int count = 0;
        foreach (string entry in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            try
            {
                if (new FileInfo(entry).LinkTarget is { } target && target.StartsWith(Root, StringComparison.Ordinal))
                {
                    count++;
                }
            }
            catch (IOException)
            {
                // Another test closed it between the listing and the look.
            }
        }
        return count;
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        foreach (Process child in _children)
        {
            if (!child.HasExited)
            {
                child.Kill(entireProcessTree: true);
            }
            child.Dispose();
        }
        Directory.Delete(Root, recursive: true);
    }

    /// <summary>A pool that knows what is out and what was out at most.</summary>
    internal sealed class CountingPool : ArrayPool<byte>
    {
        private readonly HashSet<byte[]> _out = new(ReferenceEqualityComparer.Instance);

        public long BytesOut { get; private set; }

        public long MostBytesOut { get; private set; }

        public override byte[] Rent(int minimumLength)
        {
            byte[] array = Shared.Rent(minimumLength);
            lock (_out)
            {
                _out.Add(array);
                BytesOut += array.Length;
                MostBytesOut = Math.Max(MostBytesOut, BytesOut);
            }
            return array;
        }

        public override void Return(byte[] array, bool clearArray = false)
        {
            lock (_out)
            {
                if (!_out.Remove(array))
                {
                    throw new InvalidOperationException("A buffer was returned twice.");
                }
                BytesOut -= array.Length;
            }
            Shared.Return(array, clearArray);
        }
    }
}
