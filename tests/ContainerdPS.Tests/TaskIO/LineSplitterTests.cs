using System.Text;
using ContainerdPS.TaskIO;
using Xunit;

namespace ContainerdPS.Tests.TaskIO;

public sealed class LineSplitterTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData("\n", new[] { "" })]
    [InlineData("a\nb\n", new[] { "a", "b" })]
    [InlineData("a\r\nb", new[] { "a", "b" })]
    [InlineData("a\n\n\nb\n", new[] { "a", "", "", "b" })]
    [InlineData("a\rb\r\n", new[] { "a\rb" })]
    [InlineData("a\r\r\n", new[] { "a\r" })]
    [InlineData("a\r", new[] { "a\r" })]
    [InlineData("\r\n\r", new[] { "", "\r" })]
    [InlineData("größe €\n😀\n", new[] { "größe €", "😀" })]
    public void SplitsAlikeHoweverTheBytesArrive(string text, string[] expected)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        for (int size = 1; size <= bytes.Length + 1; size++)
        {
            LineSplitter splitter = new(Encoding.UTF8);
            List<string> lines = [];
            for (int start = 0; start < bytes.Length; start += size)
            {
                splitter.Append(bytes.AsSpan(start, Math.Min(size, bytes.Length - start)));
                Take(splitter, lines);
            }
            splitter.Complete();
            Take(splitter, lines);
            Assert.Equal(expected, lines);
        }
    }

    [Fact]
    public void GivesALineAsSoonAsItIsWholeAndNotBefore()
    {
        LineSplitter splitter = new(Encoding.UTF8);
        splitter.Append("first\nsec"u8);
        Assert.Equal(["first"], Take(splitter, []));
        splitter.Append("ond\r"u8);
        Assert.Empty(Take(splitter, []));
        splitter.Append("\nthird"u8);
        Assert.Equal(["second"], Take(splitter, []));
        splitter.Complete();
        Assert.Equal(["third"], Take(splitter, []));
    }

    [Theory]
    [InlineData("abcd\n", new[] { "abcd" })]
    [InlineData("abcd\r\n", new[] { "abcd" })]
    [InlineData("abcde\n", new[] { "abcd", "e" })]
    [InlineData("abcdefgh\r\nij", new[] { "abcd", "efgh", "ij" })]
    [InlineData("abc😀d\n", new[] { "abc", "😀d" })]
    [InlineData("abcdefghi", new[] { "abcd", "efgh", "i" })]
    public void ALineOverTheLimitComesInParts(string text, string[] expected)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        for (int size = 1; size <= bytes.Length; size++)
        {
            LineSplitter splitter = new(Encoding.UTF8, limit: 4);
            List<string> lines = [];
            foreach (byte[] part in bytes.Chunk(size))
            {
                splitter.Append(part);
                Take(splitter, lines);
            }
            splitter.Complete();
            Take(splitter, lines);
            Assert.Equal(expected, lines);
        }
    }

    [Fact]
    public void AnEndlessLineDoesNotGrow()
    {
        LineSplitter splitter = new(Encoding.UTF8, limit: 10_000);
        byte[] chunk = new byte[1000];
        chunk.AsSpan().Fill((byte)'x');
        long length = 0;
        for (int round = 0; round < 10_000; round++)
        {
            splitter.Append(chunk);
            while (splitter.TryRead(out string part))
            {
                Assert.Equal(10_000, part.Length);
                length += part.Length;
            }
            Assert.InRange(splitter.Capacity, 0, 50_000);
        }
        Assert.InRange(length, 9_990_000, 10_000_000);
    }

    [Fact]
    public void ACharacterCutOffAtTheEndIsShownAsSuch()
    {
        LineSplitter splitter = new(Encoding.UTF8);
        splitter.Append([(byte)'a', 0xE2, 0x82]);
        splitter.Complete();
        Assert.Equal(["a\uFFFD"], Take(splitter, []));
    }

    [Fact]
    public void OtherEncodingsWork()
    {
        LineSplitter splitter = new(Encoding.Unicode);
        foreach (byte part in Encoding.Unicode.GetBytes("é\n\u0A0Ax\n"))
        {
            splitter.Append([part]);
        }
        Assert.Equal(["é", "\u0A0Ax"], Take(splitter, []));
    }

    private static List<string> Take(LineSplitter splitter, List<string> lines)
    {
        while (splitter.TryRead(out string line))
        {
            lines.Add(line);
        }
        return lines;
    }
}
