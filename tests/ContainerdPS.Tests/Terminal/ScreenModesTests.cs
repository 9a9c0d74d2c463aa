using System.Text;
using ContainerdPS.Terminal;
using Xunit;

namespace ContainerdPS.Tests.Terminal;

public sealed class ScreenModesTests
{
    [Theory]
    [InlineData("plain text \e[2J\e[1;1H\e(B", "")]
    [InlineData("\e[?1049h\e[?25l", "\e[?25h\e[?1049l")]
    [InlineData("\e[?1049h\e[?25l text \e[?25h\e[?1049l", "")]
    [InlineData("\e[?1000;1006;2004h\e[?1006l", "\e[?1000l\e[?2004l")]
    [InlineData("\e[?12h\e[4h\e[?99999999999h", "")]
    [InlineData("\e=", "\e>")]
    [InlineData("\e=\e>", "")]
    [InlineData("\e[1;31mred", "\e[m")]
    [InlineData("\e[1;31mred\e[0m", "")]
    [InlineData("\e[?25l\ec", "")]
    [InlineData("\e\e[?25l", "\e[?25h")]
    public void AreSetBackWhereTheyAreNot(string written, string reset)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(written);
        for (int size = 1; size <= bytes.Length; size++)
        {
            var modes = new ScreenModes();
            for (int at = 0; at < bytes.Length; at += size)
            {
                modes.Follow(bytes.AsSpan(at, Math.Min(size, bytes.Length - at)));
            }

            Assert.Equal(reset, Encoding.ASCII.GetString(modes.Reset()));
            Assert.Empty(modes.Reset());
        }
    }

    [Fact]
    public void DoNotGrowWithWhatNeverEnds()
    {
        var modes = new ScreenModes();
        modes.Follow(Encoding.ASCII.GetBytes("\e[" + new string('1', 1_000_000) + "\e[?25l"));
        Assert.Equal("\e[?25h", Encoding.ASCII.GetString(modes.Reset()));
    }
}
