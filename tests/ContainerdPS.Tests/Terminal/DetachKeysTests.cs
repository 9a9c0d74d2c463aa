using System.Text;
using ContainerdPS.Terminal;
using Xunit;

namespace ContainerdPS.Tests.Terminal;

public sealed class DetachKeysTests
{
    [Theory]
    [InlineData("ctrl-p,ctrl-q", "10 11")]
    [InlineData("ctrl-A,x", "01 78")]
    [InlineData("ctrl-@,ctrl-[,ctrl-\\,ctrl-],ctrl-^,ctrl-_", "00 1B 1C 1D 1E 1F")]
    [InlineData("DEL, a", "7F 61")]
    [InlineData("", "")]
    public void AreReadAsDockerWritesThem(string text, string bytes) =>
        Assert.Equal(bytes, string.Join(' ', DetachKeys.Parse(text).Bytes.Select(static code => code.ToString("X2", null))));

    [Theory]
    [InlineData("ctrl-")]
    [InlineData("ctrl-1")]
    [InlineData("ctrl-pp")]
    [InlineData("a,")]
    [InlineData(",")]
    [InlineData("alt-x")]
    [InlineData("ü")]
    public void AreRefusedWhereTheyAreNone(string text) =>
        Assert.Equal("InvalidDetachKeys", Assert.Throws<ContainerdException>(() => DetachKeys.Parse(text)).Reason);

    [Theory]
    [InlineData("a,b", "xaby", "x", true)]
    [InlineData("a,b", "xacaab", "xaca", true)]
    [InlineData("a,a,b", "aaaab", "aa", true)]
    [InlineData("a,b,a,c", "ababac", "ab", true)]
    [InlineData("a,b", "aXbXa", "aXbX", false)]
    [InlineData("a", "za", "z", true)]
    [InlineData("", "ab", "ab", false)]
    public void AreFoundInAnyPieces(string keys, string typed, string given, bool found)
    {
        for (int size = 1; size <= typed.Length; size++)
        {
            var matcher = new DetachMatcher(DetachKeys.Parse(keys));
            var output = new List<byte>();
            bool isFound = false;
            for (int at = 0; at < typed.Length && !isFound; at += size)
            {
                isFound = matcher.Feed(Encoding.ASCII.GetBytes(typed.Substring(at, Math.Min(size, typed.Length - at))), output);
            }

            Assert.Equal(found, isFound);
            Assert.Equal(given, Encoding.ASCII.GetString([.. output]));
        }
    }
}
