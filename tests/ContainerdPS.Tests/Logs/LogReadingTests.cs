using System.Text;
using ContainerdPS.Logs;
using ContainerdPS.Processes;
using Xunit;

namespace ContainerdPS.Tests.Logs;

/// <summary>Times at the start of lines, the forms of logs, and where reading begins.</summary>
public sealed class LogReadingTests : IDisposable
{
    private static readonly Encoding Utf8 = new UTF8Encoding(false);
    private readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    [Theory]
    [InlineData("2024-05-01T12:00:00Z", "2024-05-01T12:00:00Z", 20)]
    [InlineData("2024-05-01T12:00:00.123456789Z x", "2024-05-01T12:00:00.1234567Z", 30)]
    [InlineData("2024-05-01 12:00:00,5 x", "2024-05-01T12:00:00.5Z", 21)]
    [InlineData("2024/05/01 12:00:00 x", "2024-05-01T12:00:00Z", 19)]
    [InlineData("2024-05-01T12:00:00+02:00", "2024-05-01T10:00:00Z", 25)]
    [InlineData("2024-05-01T12:00:00-0330 x", "2024-05-01T15:30:00Z", 24)]
    [InlineData("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z", 20)]
    public void ReadsTimes(string text, string wanted, int length)
    {
        Assert.True(LogTime.TryParse(text, out DateTimeOffset time, out int read));
        Assert.Equal(DateTimeOffset.Parse(wanted, System.Globalization.CultureInfo.InvariantCulture), time);
        Assert.Equal(length, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2024-05-01")]
    [InlineData("2024-02-30T12:00:00Z")]
    [InlineData("2024-13-01T12:00:00Z")]
    [InlineData("2024-05-01T24:00:00Z")]
    [InlineData("2024-05/01T12:00:00Z")]
    [InlineData("0000-01-01T12:00:00Z")]
    [InlineData("0001-01-01T00:00:00+10:00")]
    [InlineData("9999-12-31T23:59:59-10:00")]
    [InlineData("20240501T120000Z......")]
    public void RefusesWhatIsNoTime(string text) => Assert.False(LogTime.TryParse(text, out _, out _));

    [Theory]
    [InlineData("2024-05-01T12:00:00.1Z stdout F text", ContainerLogFormat.Cri)]
    [InlineData("2024-05-01T12:00:00.1Z stderr P", ContainerLogFormat.Cri)]
    [InlineData("2024-05-01T12:00:00.1Z stdout is full", ContainerLogFormat.Text)]
    [InlineData("2024-05-01T12:00:00.1Z stdin F text", ContainerLogFormat.Text)]
    [InlineData("{\"log\":\"x\\n\",\"stream\":\"stdout\",\"time\":\"2024-05-01T12:00:00Z\"}", ContainerLogFormat.Json)]
    [InlineData("{\"log\":\"x\\n\"}", ContainerLogFormat.Text)]
    [InlineData("{\"log\":", ContainerLogFormat.Text)]
    [InlineData("plain", ContainerLogFormat.Text)]
    public void SeesTheForm(string line, ContainerLogFormat wanted) => Assert.Equal(wanted, LogRecord.FormatOf(line));

    [Fact]
    public void TailsOfInterleavedPartsAreWhole()
    {
        Write("F stdout one", "P stdout a", "F stderr e1", "P stdout b", "F stderr e2", "F stdout c", "F stderr e3");
        Assert.Equal(["e3"], Tail(1));
        Assert.Equal(["abc", "e3"], Tail(2));
        Assert.Equal(["e2", "abc", "e3"], Tail(3));
        Assert.Equal(["e1", "e2", "abc", "e3"], Tail(4));
        Assert.Equal(["one", "e1", "e2", "abc", "e3"], Tail(9));
    }

    [Fact]
    public void AWriterIsDoneWhenItHasClosedTheLog()
    {
        using LogFile log = LogFile.Open(path, "of nobody");
        var writer = new LogWriter(Environment.ProcessId);
        log.Dispose();
        using (FileStream open = File.OpenWrite(path))
        {
            Assert.False(writer.IsDone(log, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)));
            Assert.True(writer.IsDone(log, TimeSpan.Zero, TimeSpan.FromSeconds(6)));
        }

        Assert.True(writer.IsDone(log, TimeSpan.Zero, TimeSpan.Zero));
    }

    [Fact]
    public void AWriterThatIsNotKnownIsDoneWhenTheLogIsQuiet()
    {
        using LogFile log = LogFile.Open(path, "of nobody");
        var writer = new LogWriter(0);
        Assert.False(writer.IsDone(log, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(100)));
        Assert.True(writer.IsDone(log, TimeSpan.FromMilliseconds(600), TimeSpan.FromMilliseconds(600)));
    }

    [Fact]
    public void APartWithoutItsEndIsALine()
    {
        Write("F stdout one", "P stdout tw");
        Assert.Equal(["tw"], Tail(1));
        Assert.Equal(["one", "tw"], Tail(2));
    }

    [Fact]
    public void LinesLongerThanABlockAreFound()
    {
        string big = new('x', 200_000);
        File.WriteAllText(path, $"one\n{big}\nlast\n");
        Assert.Equal(["last"], Tail(1));
        Assert.Equal([big, "last"], Tail(2));
        Assert.Equal(3, Tail(3).Length);
    }

    [Theory]
    [InlineData("file:///var/log/a%20b.log", "/var/log/a b.log")]
    [InlineData("FILE:///x?maxsize=1", "/x")]
    [InlineData("file://host/x#y", "/x")]
    [InlineData("file://", null)]
    [InlineData("binary:///x", null)]
    [InlineData("/run/fifo", null)]
    [InlineData("", null)]
    public void TakesThePathOutOfAUri(string uri, string? wanted) => Assert.Equal(wanted, TaskLog.PathOf(uri));

    private void Write(params string[] records)
    {
        int second = 0;
        File.WriteAllLines(path, records.Select(record => record.Split(' ')).Select(parts => $"2024-05-01T12:00:{second++:00}Z {parts[1]} {parts[0]} {parts[2]}"));
    }

    private string[] Tail(int count)
    {
        using LogSource source = LogSource.Open(new LogPlace(path, null), new LogOptions { Encoding = Utf8, Tail = count }, "of nobody");
        var lines = source.ReadAvailable().Select(static entry => entry.Text).ToList();
        lines.AddRange(source.ReadRest().Select(static entry => entry.Text));
        return [.. lines];
    }
}
