using ContainerdPS.TaskIO;
using Xunit;

namespace ContainerdPS.Tests.TaskIO;

public sealed class FifoPollerTests : FifoFixture
{
    [LinuxFact]
    public async Task AHundredStreamsAreServedByOneThread()
    {
        ProcessIO[] all = [.. Enumerable.Range(0, 100).Select(_ => ProcessIO.Open(Make(terminal: true)))];
        Task<string>[] texts = [.. all.Select(io => TextAsync(io.Stdout!))];
        // Threads of other tests' pollers are on their way out.
        await UntilAsync(() => PollerThreads() == 1);
        string script = string.Join('\n', all.Select((io, index) => $"seq {index} 20000 > {io.Fifos.Stdout} &")) + "\nwait";
        Shell(all[0], script);
        for (int index = 0; index < texts.Length; index++)
        {
            string text = await texts[index];
            Assert.StartsWith($"{index}\n", text, StringComparison.Ordinal);
            Assert.EndsWith("\n20000\n", text, StringComparison.Ordinal);
            Assert.Equal(20001 - index, text.Count(letter => letter == '\n'));
            Assert.Equal(1, PollerThreads());
        }
        foreach (ProcessIO io in all)
        {
            await io.DisposeAsync();
        }
        Assert.Equal(0, OpenDescriptors());
        Assert.Empty(Directory.EnumerateFileSystemEntries(Root));
    }

    [LinuxFact]
    public async Task TheThreadEndsWhenIdleAndComesBack()
    {
        FifoPoller poller = new(TimeSpan.Zero);
        for (int round = 1; round <= 3; round++)
        {
            await using (ProcessIO io = ProcessIO.Open(Make(terminal: true), poller))
            {
                Assert.True(poller.IsRunning);
                Shell(io, "printf round > $out");
                Assert.Equal("round", await TextAsync(io.Stdout!));
            }
            await UntilAsync(() => !poller.IsRunning);
        }
    }

    private static int PollerThreads()
    {
        int count = 0;
        foreach (string task in Directory.EnumerateDirectories("/proc/self/task"))
        {
            try
            {
                count += File.ReadAllText(Path.Combine(task, "comm")).TrimEnd() == FifoPoller.ThreadName ? 1 : 0;
            }
            catch (IOException)
            {
                // The thread ended between the listing and the look.
            }
        }
        return count;
    }
}
