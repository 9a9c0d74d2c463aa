using System.Diagnostics;
using System.Security.Cryptography;
using ContainerdPS.TaskIO;
using Xunit;

namespace ContainerdPS.Tests.TaskIO;

public sealed class ReadingTests : FifoFixture
{
    [LinuxFact]
    public async Task NobodyYetIsNotTheEnd()
    {
        await using ProcessIO io = ProcessIO.Open(Make());
        Task<string> output = TextAsync(io.Stdout!);
        // The other stream comes and ends meanwhile, so the poller has had its turns with this one.
        Shell(io, "printf e > $err");
        Assert.Equal("e", await TextAsync(io.Stderr!));
        Assert.False(output.IsCompleted);
        Assert.False(io.OutputCompleted.IsCompleted);
        Shell(io, "printf late > $out");
        Assert.Equal("late", await output);
        await io.OutputCompleted;
    }

    [LinuxFact]
    public async Task AWriterThatWritesNothingEndsTheOutput()
    {
        await using ProcessIO io = ProcessIO.Open(Make(terminal: true));
        Shell(io, ": > $out");
        Assert.Equal(string.Empty, await TextAsync(io.Stdout!));
    }

    [LinuxFact]
    public async Task AWriterThatHoldsTheReadingEndTooEndsTheOutput()
    {
        // What a shim does, so that its process never writes into a fifo nobody reads.
        await using ProcessIO io = ProcessIO.Open(Make(terminal: true));
        Shell(io, "exec 3> $out 4< $out; printf text >&3");
        Assert.Equal("text", await TextAsync(io.Stdout!));
    }

    [LinuxFact]
    public async Task AConsumerThatHasLeftDoesNotHoldTheWriterUpWhileItsOutputIsDiscarded()
    {
        await using ProcessIO io = ProcessIO.Open(Make());
        Process writer = Shell(io, "exec 3> $out 4< $out; head -c 8000000 /dev/zero >&3");
        await foreach (ReadOnlyMemory<byte> _ in io.Stdout!)
        {
            break;
        }

        using CancellationTokenSource done = new();
        Task discarding = io.DiscardAsync(done.Token);
        await writer.WaitForExitAsync();
        Assert.Equal(0, writer.ExitCode);
        await done.CancelAsync();
        await discarding;
    }

    [LinuxFact]
    public async Task WaitingForAWriterCostsNoTime()
    {
        FifoPoller poller = new(TimeSpan.Zero);
        await using ProcessIO waiting = ProcessIO.Open(Make(), poller);
        await using (ProcessIO held = ProcessIO.Open(Make(terminal: true), poller))
        {
            // One stream has no writer, one is held back by its consumer with its writer gone: neither may spin.
            Process writer = Shell(held, "exec cat /dev/zero > $out");
            await UntilAsync(() => ((FifoReader)held.Stdout!).IsHeldBack);
            writer.Kill();
            await writer.WaitForExitAsync();
            long before = poller.Waits;
            await Task.Delay(200);
            Assert.InRange(poller.Waits - before, 0, 5);
        }
    }

    [LinuxFact]
    public async Task ASilentWriterIsNotTheEnd()
    {
        await using ProcessIO io = ProcessIO.Open(Make(stdin: true, terminal: true));
        // The shell holds the output open and writes only when told.
        Shell(io, "exec 3> $out; read go < $in; printf $go >&3");
        Task<string> output = TextAsync(io.Stdout!);
        await io.Stdin!.WriteAsync("told\n"u8.ToArray());
        await io.Stdin.CompleteAsync(CancellationToken.None);
        Assert.Equal("told", await output);
    }

    [LinuxFact]
    public async Task TwoHundredMegabytesPassASlowConsumerThroughOneMegabyte()
    {
        const long size = 200L << 20;
        CountingPool pool = new();
        FifoPoller poller = new(TimeSpan.Zero, pool);
        await using ProcessIO io = ProcessIO.Open(Make(terminal: true), poller);
        // Random bytes, not one repeated block: a lost, doubled or swapped buffer changes the hash.
        Shell(io, "head -c 209715200 /dev/urandom | tee $out | sha256sum > $out.sum");
        FifoReader reader = (FifoReader)io.Stdout!;
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long total = 0;
        int parts = 0;
        await foreach (ReadOnlyMemory<byte> part in io.Stdout!)
        {
            hash.AppendData(part.Span);
            total += part.Length;
            if (parts++ == 0)
            {
                // The slowest consumer: one that has stopped.
                await UntilAsync(() => reader.IsHeldBack);
                Assert.InRange(reader.BufferedBytes, FifoReader.BufferLimit / 2, FifoReader.BufferLimit);
            }
        }
        string sum = string.Empty;
        await UntilAsync(() => (sum = File.ReadAllText(io.Fifos.Stdout + ".sum")).Length > 64);
        Assert.Equal(size, total);
        Assert.Equal(sum[..64], Convert.ToHexStringLower(hash.GetHashAndReset()));
        Assert.InRange(pool.MostBytesOut, 1, FifoReader.BufferLimit + (128 << 10));
        Assert.Equal(0, pool.BytesOut);
        File.Delete(io.Fifos.Stdout + ".sum");
    }

    [LinuxFact]
    public async Task AConsumerThatDoesNotReadStopsTheWriter()
    {
        await using ProcessIO io = ProcessIO.Open(Make(terminal: true));
        Process writer = Shell(io, "exec head -c 8388608 /dev/zero > $out");
        FifoReader reader = (FifoReader)io.Stdout!;
        await UntilAsync(() => reader.IsHeldBack);
        // 8 MiB do not fit into 1 MiB of buffers and a fifo.
        Assert.False(writer.HasExited);
        Assert.False(io.OutputCompleted.IsCompleted);
        Assert.Equal(8388608, (await TextAsync(io.Stdout!)).Length);
        await writer.WaitForExitAsync();
    }

    [LinuxFact]
    public async Task ATrickleDoesNotFillTheLimitWithEmptyBuffers()
    {
        await using ProcessIO io = ProcessIO.Open(Make(terminal: true));
        FifoReader reader = (FifoReader)io.Stdout!;
        // Each byte is written after the one before was read, so that each is a read of its own.
        using (FileStream writer = new(io.Fifos.Stdout!, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0))
        {
            for (int written = 1; written <= 100; written++)
            {
                writer.WriteByte((byte)'x');
                await UntilAsync(() => reader.Chunks.Count == written || reader.IsHeldBack);
            }
        }
        Assert.False(reader.IsHeldBack);
        Assert.InRange(reader.BufferedBytes, 100, FifoReader.BufferLimit / 4);
        Assert.Equal(new string('x', 100), await TextAsync(io.Stdout!));
    }

    [LinuxFact]
    public async Task CancelEndsWhatHasNoWriterAndKeepsWhatHas()
    {
        await using ProcessIO io = ProcessIO.Open(Make(stdin: true));
        Shell(io, "exec 3> $out; echo first >&3; read go < $in; echo $go >&3");
        Task<string> errors = TextAsync(io.Stderr!);
        await io.Stdin!.WriteAsync("second\n"u8.ToArray());
        io.Cancel();
        Assert.Equal(string.Empty, await errors);
        await io.Stdin.CompleteAsync(CancellationToken.None);
        Assert.Equal("first\nsecond\n", await TextAsync(io.Stdout!));
    }

    [LinuxFact]
    public async Task CancelWithoutAnyWriterCompletesEverything()
    {
        await using ProcessIO io = ProcessIO.Open(Make(stdin: true));
        Task write = io.Stdin!.WriteAsync("x"u8.ToArray()).AsTask();
        io.Cancel();
        await io.OutputCompleted;
        await Assert.ThrowsAsync<ObjectDisposedException>(() => write);
        Assert.True(await io.DrainAsync(TimeSpan.Zero, CancellationToken.None));
        Assert.Equal(0, OpenDescriptors());
    }

    [LinuxFact]
    public async Task ATokenEndsAReadInTheMiddle()
    {
        using CancellationTokenSource stop = new();
        await using ProcessIO io = ProcessIO.Open(Make(terminal: true));
        Process writer = Shell(io, "exec > $out; trap '' PIPE; echo first; exec sleep 1000");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (ReadOnlyMemory<byte> part in io.Stdout!.WithCancellation(stop.Token))
            {
                Assert.Equal(6, part.Length);
                await stop.CancelAsync();
            }
        });
        Assert.False(writer.HasExited);
        await io.OutputCompleted;
        Assert.Equal(0, OpenDescriptors());
    }

    [LinuxFact]
    public async Task DisposingEndsAReadInTheMiddle()
    {
        ProcessIO io = ProcessIO.Open(Make());
        Shell(io, "exec > $out; echo first; exec sleep 1000");
        await using IAsyncEnumerator<ReadOnlyMemory<byte>> output = io.Stdout!.GetAsyncEnumerator();
        Assert.True(await output.MoveNextAsync());
        ValueTask<bool> next = output.MoveNextAsync();
        await io.DisposeAsync();
        Assert.False(await next);
        Assert.Equal(0, OpenDescriptors());
        Assert.Empty(Directory.EnumerateFileSystemEntries(Root));
    }

    [LinuxFact]
    public async Task DrainingEndsAnOutputThatSomebodyHoldsOpen()
    {
        await using ProcessIO io = ProcessIO.Open(Make(terminal: true));
        // The process exits; what it started keeps its output.
        Process process = Shell(io, "exec > $out; echo last; sleep 1000 & echo $! > $out.pid");
        await process.WaitForExitAsync();
        Assert.False(await io.DrainAsync(TimeSpan.FromMilliseconds(100), CancellationToken.None));
        Assert.Equal("last\n", await TextAsync(io.Stdout!));
        string pid = File.ReadAllText(io.Fifos.Stdout + ".pid");
        File.Delete(io.Fifos.Stdout + ".pid");
        using Process left = Process.GetProcessById(int.Parse(pid, System.Globalization.CultureInfo.InvariantCulture));
        left.Kill();
    }

    [LinuxFact]
    public async Task DrainingEndsAnOutputThatSomebodyWritesForEver()
    {
        await using ProcessIO io = ProcessIO.Open(Make(terminal: true));
        Shell(io, "exec cat /dev/zero > $out");
        Task<long> consumed = CountAsync(io.Stdout!);
        Assert.False(await io.DrainAsync(TimeSpan.FromMilliseconds(100), CancellationToken.None));
        Assert.True(await consumed > 0);
    }

    [LinuxFact]
    public async Task DrainingDoesNotCutOffASlowConsumer()
    {
        await using ProcessIO io = ProcessIO.Open(Make(terminal: true));
        Shell(io, "exec head -c 3000000 /dev/zero > $out");
        FifoReader reader = (FifoReader)io.Stdout!;
        await UntilAsync(() => reader.IsHeldBack);
        Task<bool> drained = io.DrainAsync(TimeSpan.FromMilliseconds(60), CancellationToken.None);
        await Task.Delay(500);
        Assert.False(drained.IsCompleted);
        Assert.Equal(3000000, await CountAsync(io.Stdout!));
        Assert.True(await drained);
    }

    [LinuxFact]
    public async Task DrainingCanBeCancelled()
    {
        using CancellationTokenSource stop = new();
        await using ProcessIO io = ProcessIO.Open(Make());
        Task drained = io.DrainAsync(Timeout.InfiniteTimeSpan, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => drained);
    }

    [LinuxFact]
    public async Task OutputIsReadOnce()
    {
        await using ProcessIO io = ProcessIO.Open(Make(terminal: true));
        io.Cancel();
        Assert.Equal(string.Empty, await TextAsync(io.Stdout!));
        await Assert.ThrowsAsync<InvalidOperationException>(() => TextAsync(io.Stdout!));
    }

    [LinuxFact]
    public async Task AMissingOrWrongPathIsNamedAndLeavesNothingOpen()
    {
        await Task.Yield();
        using FifoSet fifos = Make();
        File.Delete(fifos.Stderr!);
        ContainerdException missing = Assert.Throws<ContainerdException>(
            () => ProcessIO.Open(FifoSet.Existing(string.Empty, fifos.Stdout!, fifos.Stderr!, terminal: false)));
        Assert.Equal(ContainerdErrorCode.NotFound, missing.Code);
        Assert.Contains(fifos.Stderr!, missing.Message, StringComparison.Ordinal);
        File.WriteAllText(fifos.Stderr!, "a file");
        ContainerdException wrong = Assert.Throws<ContainerdException>(
            () => ProcessIO.Open(FifoSet.Existing(string.Empty, fifos.Stdout!, fifos.Stderr!, terminal: false)));
        Assert.Equal(ContainerdErrorCode.FailedPrecondition, wrong.Code);
        Assert.Equal(0, OpenDescriptors());
        File.Delete(fifos.Stderr!);
    }

    private static async Task<long> CountAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> output)
    {
        long total = 0;
        await foreach (ReadOnlyMemory<byte> part in output)
        {
            total += part.Length;
        }
        return total;
    }
}
