using System.Diagnostics;
using System.Security.Cryptography;
using ContainerdPS.TaskIO;
using Xunit;

namespace ContainerdPS.Tests.TaskIO;

public sealed class WritingTests : FifoFixture
{
    [LinuxFact]
    public async Task InputBeforeTheReaderComesArrives()
    {
        await using ProcessIO io = ProcessIO.Open(Make(stdin: true, terminal: true));
        Task write = io.Stdin!.WriteAsync("early"u8.ToArray()).AsTask();
        Shell(io, "cat < $in > $out");
        await write;
        await io.Stdin.CompleteAsync(CancellationToken.None);
        Assert.Equal("early", await TextAsync(io.Stdout!));
    }

    [LinuxFact]
    public async Task TheEndBeforeTheReaderComesArrives()
    {
        await using ProcessIO io = ProcessIO.Open(Make(stdin: true, terminal: true));
        Task complete = io.Stdin!.CompleteAsync(CancellationToken.None);
        Assert.False(complete.IsCompleted);
        Shell(io, "cat < $in > $out");
        await complete;
        Assert.Equal(string.Empty, await TextAsync(io.Stdout!));
    }

    [LinuxFact]
    public async Task MoreThanAFifoHoldsGoesThroughCat()
    {
        byte[] sent = RandomNumberGenerator.GetBytes(5_000_001);
        await using ProcessIO io = ProcessIO.Open(Make(stdin: true, terminal: true));
        Shell(io, "cat < $in > $out");
        Task send = Task.Run(async () =>
        {
            await io.Stdin!.WriteAsync(sent);
            await io.Stdin.CompleteAsync(CancellationToken.None);
        });
        MemoryStream received = new();
        await foreach (ReadOnlyMemory<byte> part in io.Stdout!)
        {
            received.Write(part.Span);
        }
        await send;
        Assert.Equal(sent, received.ToArray());
    }

    [LinuxFact]
    public async Task AReaderThatGoesEndsTheInput()
    {
        await using ProcessIO io = ProcessIO.Open(Make(stdin: true, terminal: true));
        Process reader = Shell(io, "head -c 1 < $in > $out");
        await Assert.ThrowsAsync<IOException>(() => io.Stdin!.WriteAsync(new byte[1 << 20]).AsTask());
        Assert.True(io.Stdin!.ReaderGone);
        await io.Stdin.Closed;
        await reader.WaitForExitAsync();
        await io.Stdin.CompleteAsync(CancellationToken.None);
    }

    [LinuxFact]
    public async Task ATokenEndsAWriteThatWaitsForAReader()
    {
        using CancellationTokenSource stop = new();
        await using ProcessIO io = ProcessIO.Open(Make(stdin: true));
        Task write = io.Stdin!.WriteAsync("x"u8.ToArray(), stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
    }

    [LinuxFact]
    public async Task ATokenEndsAWriteThatWaitsForRoom()
    {
        using CancellationTokenSource stop = new();
        await using ProcessIO io = ProcessIO.Open(Make(stdin: true, terminal: true));
        Shell(io, "exec 3< $in; echo open > $out; exec sleep 1000");
        Task write = io.Stdin!.WriteAsync(new byte[1 << 20], stop.Token).AsTask();
        Assert.Equal("open\n", await TextAsync(io.Stdout!));
        Assert.False(write.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
    }

    [LinuxFact]
    public async Task DisposingEndsAWriteThatWaitsForRoom()
    {
        ProcessIO io = ProcessIO.Open(Make(stdin: true, terminal: true));
        Shell(io, "exec 3< $in; echo open > $out; exec sleep 1000");
        Task write = io.Stdin!.WriteAsync(new byte[1 << 20]).AsTask();
        Assert.Equal("open\n", await TextAsync(io.Stdout!));
        await io.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => write);
        Assert.Equal(0, OpenDescriptors());
    }

    [LinuxFact]
    public async Task AFifoThatVanishesBeforeItsReaderComesIsAnError()
    {
        await using ProcessIO io = ProcessIO.Open(Make(stdin: true));
        Task write = io.Stdin!.WriteAsync("x"u8.ToArray()).AsTask();
        File.Delete(io.Fifos.Stdin!);
        IOException error = await Assert.ThrowsAsync<IOException>(() => write);
        Assert.Contains(io.Fifos.Stdin!, error.Message, StringComparison.Ordinal);
    }
}
