using System.Text;
using ContainerdPS.TaskIO;
using Xunit;

namespace ContainerdPS.Tests.TaskIO;

public sealed class OutputLinesTests : FifoFixture
{
    [LinuxFact]
    public async Task TheFirstLineIsThereWhileTheProcessRuns()
    {
        await using ProcessIO io = ProcessIO.Open(Make(stdin: true));
        Shell(io, "exec > $out 2> $err; echo ready; read go < $in; echo $go; printf rest >&2");
        List<OutputLine> lines = [];
        await foreach (OutputLine line in io.ReadLinesAsync(Encoding.UTF8))
        {
            lines.Add(line);
            if (lines.Count == 1)
            {
                // The process writes on only after it has this, so the first line cannot have waited for the rest.
                await io.Stdin!.WriteAsync("größe\n"u8.ToArray());
                await io.Stdin.CompleteAsync(CancellationToken.None);
            }
        }
        Assert.Equal(
            [
                new OutputLine(OutputStream.Output, "ready"),
                new OutputLine(OutputStream.Output, "größe"),
                new OutputLine(OutputStream.Error, "rest"),
            ],
            lines);
    }

    [LinuxFact]
    public async Task BothStreamsComeInTheOrderTheyWereReadIn()
    {
        await using ProcessIO io = ProcessIO.Open(Make());
        FifoReader output = (FifoReader)io.Stdout!;
        FifoReader error = (FifoReader)io.Stderr!;
        string go = Path.Combine(Root, "go");
        Shell(io, $"""
            exec > $out 2> $err
            for i in 1 2 3 4 5; do
              echo o$i; while [ ! -e {go}o$i ]; do sleep 0.01; done
              echo e$i >&2; while [ ! -e {go}e$i ]; do sleep 0.01; done
            done
            """);
        // Nobody consumes yet: all ten lines wait in two queues, and only the order of reading tells how they came.
        for (int index = 1; index <= 5; index++)
        {
            await UntilAsync(() => output.Chunks.Count >= index);
            File.WriteAllText($"{go}o{index}", string.Empty);
            await UntilAsync(() => error.Chunks.Count >= index);
            File.WriteAllText($"{go}e{index}", string.Empty);
        }
        List<string> lines = [];
        await foreach (OutputLine line in io.ReadLinesAsync(Encoding.UTF8))
        {
            lines.Add(line.Text);
        }
        Assert.Equal(["o1", "e1", "o2", "e2", "o3", "e3", "o4", "e4", "o5", "e5"], lines);
    }

    [LinuxFact]
    public async Task LeavingAfterTheFirstLineClosesBoth()
    {
        await using ProcessIO io = ProcessIO.Open(Make());
        Shell(io, "exec > $out 2> $err; echo first; exec sleep 1000");
        await foreach (OutputLine line in io.ReadLinesAsync(Encoding.UTF8))
        {
            Assert.Equal("first", line.Text);
            break;
        }
        await io.OutputCompleted;
        Assert.Equal(0, OpenDescriptors());
    }

    [LinuxFact]
    public async Task ATokenEndsTheWaitForALine()
    {
        using CancellationTokenSource stop = new();
        await using ProcessIO io = ProcessIO.Open(Make());
        ValueTask<bool> next = io.ReadLinesAsync(Encoding.UTF8, stop.Token).GetAsyncEnumerator(CancellationToken.None).MoveNextAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.AsTask());
        Assert.Equal(0, OpenDescriptors());
    }

    [LinuxFact]
    public async Task ATerminalHasOneStream()
    {
        await using ProcessIO io = ProcessIO.Open(Make(terminal: true));
        Shell(io, "printf 'a\\r\\nb\\r\\n' > $out");
        List<OutputLine> lines = [];
        await foreach (OutputLine line in io.ReadLinesAsync(Encoding.UTF8))
        {
            lines.Add(line);
        }
        Assert.Equal([new OutputLine(OutputStream.Output, "a"), new OutputLine(OutputStream.Output, "b")], lines);
    }
}
