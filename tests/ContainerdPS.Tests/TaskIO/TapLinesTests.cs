using System.Text;
using ContainerdPS.TaskIO;
using Xunit;

namespace ContainerdPS.Tests.TaskIO;

public sealed class TapLinesTests : IDisposable
{
    private readonly FifoSet fifos;
    private readonly FileStream writer;

    public TapLinesTests()
    {
        fifos = FifoSet.Create("tap", stdin: false, terminal: true, Path.Combine(Path.GetTempPath(), "containerdps-taps"));

        // Both ends, as a shim has it: there is always a writer, and what is written stays.
        writer = new FileStream(fifos.Stdout!, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
    }

    [LinuxFact]
    public async Task LeaveWhatWasNotGiven()
    {
        await Task.Yield();
        Write("one\ntwo\nthr");
        using (StreamTap tap = StreamTap.Open(fifos.Stdout!))
        {
            var lines = new TapLines(tap, Encoding.UTF8);
            Assert.Equal("one", Next(lines));
            lines.Settle();
        }

        using (StreamTap tap = StreamTap.Open(fifos.Stdout!))
        {
            var lines = new TapLines(tap, Encoding.UTF8);
            Assert.Equal("two", Next(lines));
            Assert.Null(Next(lines));
            Assert.Equal(3, lines.Seen);
            lines.Settle();
        }

        Write("ee\n");
        using (StreamTap tap = StreamTap.Open(fifos.Stdout!))
        {
            Assert.Equal("three", Next(new TapLines(tap, Encoding.UTF8)));
            Assert.Equal(0, tap.Count);
        }
    }

    [LinuxFact]
    public async Task SeeWhatSomebodyElseTookAndGiveEachByteOnce()
    {
        await Task.Yield();
        Write("one\ntwo\nthree\n");
        using StreamTap tap = StreamTap.Open(fifos.Stdout!);
        using StreamTap other = StreamTap.Open(fifos.Stdout!);
        var lines = new TapLines(tap, Encoding.UTF8);
        Assert.Equal("one", Next(lines));
        lines.Settle();
        byte[] taken = new byte[4];
        Assert.Equal(4, other.Read(taken));
        Assert.Equal("two\n", Encoding.UTF8.GetString(taken));
        Write("four\n");

        // "two" was seen before it was taken; what follows is whole.
        var rest = new List<string>();
        while (Next(lines) is { } line)
        {
            rest.Add(line);
        }

        Assert.Equal("four", rest[^1]);
        Assert.Contains("three", rest);
        Assert.Equal(0, tap.Count);
        Assert.True(lines.IsShared);
    }

    [LinuxFact]
    public async Task WaitForMoreThanWasSeen()
    {
        Write("begun");
        using StreamTap tap = StreamTap.Open(fifos.Stdout!);
        var lines = new TapLines(tap, Encoding.UTF8);
        Assert.Null(Next(lines));
        Task waiting = tap.WaitAsync(lines.Seen, CancellationToken.None);
        Write(" and done\n");
        await waiting.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal("begun and done", Next(lines));
    }

    [LinuxFact]
    public async Task TakeALineThatFillsTheFifo()
    {
        await Task.Yield();
        using StreamTap tap = StreamTap.Open(fifos.Stdout!);
        var lines = new TapLines(tap, Encoding.UTF8);
        for (int i = 0; i < 100; i++)
        {
            Write(new string('x', 10_000));
            Assert.Null(Next(lines));
        }

        Write("\n");
        Assert.Equal(1_000_000, Next(lines)!.Length);
    }

    [LinuxFact]
    public async Task GiveALineWithoutEndInPartsThatAreWholeCharacters()
    {
        await Task.Yield();
        using StreamTap tap = StreamTap.Open(fifos.Stdout!);
        var lines = new TapLines(tap, Encoding.UTF8);
        var text = new StringBuilder();
        Write("x");
        for (int i = 0; i < 60; i++)
        {
            Write(string.Concat(Enumerable.Repeat("\u00FC", 20_000)));
            while (Next(lines) is { } part)
            {
                text.Append(part);
            }
        }

        Write("\n");
        text.Append(Next(lines));
        Assert.Equal("x" + string.Concat(Enumerable.Repeat("\u00FC", 1_200_000)), text.ToString());
    }

    [LinuxTheory]
    [InlineData("utf-16")]
    [InlineData("utf-32")]
    [InlineData("iso-8859-1")]
    public async Task SplitByCharactersOfAnyWidth(string name)
    {
        await Task.Yield();
        Encoding encoding = Encoding.GetEncoding(name);
        using StreamTap tap = StreamTap.Open(fifos.Stdout!);
        var lines = new TapLines(tap, encoding);
        var found = new List<string>();
        foreach (byte one in encoding.GetBytes("g\u00FC\r\n\u00FF\nend\n"))
        {
            writer.WriteByte(one);
            if (Next(lines) is { } line)
            {
                found.Add(line);
            }
        }

        Assert.Equal(["g\u00FC", "\u00FF", "end"], found);
    }

    public void Dispose()
    {
        writer.Dispose();
        fifos.Dispose();
    }

    private static string? Next(TapLines lines) => lines.TryTake(out string line) ? line : null;

    private void Write(string text) => writer.Write(Encoding.UTF8.GetBytes(text));
}
