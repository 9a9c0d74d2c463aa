using ContainerdPS.TaskIO;
using Xunit;

namespace ContainerdPS.Tests.TaskIO;

public sealed class TaskStdioTests : FifoFixture
{
    [Theory]
    [InlineData("/var/log/a.log", "file:///var/log/a.log")]
    [InlineData("/var/log/50% done #1?.log", "file:///var/log/50%25%20done%20%231%3F.log")]
    public void ALogFileIsAFileUriForBothOutputs(string path, string uri)
    {
        TaskStdio stdio = TaskStdio.LogFile(path);
        Assert.Equal((string.Empty, uri, uri, false), (stdio.Stdin, stdio.Stdout, stdio.Stderr, stdio.Terminal));
        Assert.Null(stdio.Fifos);
    }

    [Theory]
    [InlineData("a.log")]
    [InlineData("")]
    [InlineData("C:\\a.log")]
    public void ALogFileMustBeAbsolute(string path) =>
        Assert.Equal(ContainerdErrorCode.InvalidArgument, Assert.Throws<ContainerdException>(() => TaskStdio.LogFile(path)).Code);

    [Theory]
    [InlineData("binary:///usr/bin/logger?tag=a%20b")]
    [InlineData("file:///var/log/a.log")]
    public void ALogUriIsPassedAsItIs(string uri)
    {
        TaskStdio stdio = TaskStdio.LogUri(uri, terminal: true);
        Assert.Equal((string.Empty, uri, uri, true), (stdio.Stdin, stdio.Stdout, stdio.Stderr, stdio.Terminal));
    }

    [Theory]
    [InlineData("http://host/log")]
    [InlineData("binary://logger")]
    [InlineData("file:///")]
    [InlineData("/var/log/a.log")]
    [InlineData("")]
    public void OtherLogUrisAreRefused(string uri) =>
        Assert.Equal(ContainerdErrorCode.InvalidArgument, Assert.Throws<ContainerdException>(() => TaskStdio.LogUri(uri)).Code);

    [Fact]
    public void NullIsEmptyPaths()
    {
        TaskStdio stdio = TaskStdio.Null();
        Assert.Equal((string.Empty, string.Empty, string.Empty, false), (stdio.Stdin, stdio.Stdout, stdio.Stderr, stdio.Terminal));
    }

    [LinuxFact]
    public async Task FifosAreTheirPaths()
    {
        await Task.Yield();
        using FifoSet fifos = Make(stdin: false);
        TaskStdio stdio = TaskStdio.FromFifos(fifos);
        Assert.Equal((string.Empty, fifos.Stdout, fifos.Stderr), (stdio.Stdin, stdio.Stdout, stdio.Stderr));
        TaskStdio reported = TaskStdio.Existing(stdio.Stdin, stdio.Stdout, stdio.Stderr, terminal: false);
        Assert.Equal(fifos.Stdout, reported.Fifos!.Stdout);
        Assert.Null(TaskStdio.Existing(string.Empty, "file:///var/log/a", "file:///var/log/a", terminal: false).Fifos);
    }
}
