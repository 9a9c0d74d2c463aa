using ContainerdPS.Sessions;
using Xunit;

namespace ContainerdPS.Tests.Sessions;

/// <summary>The rehearsal is silent when it fails, so that only a test can tell.</summary>
public class RehearsalTests
{
    [Fact]
    public async Task MakesEveryCallOfAFirstListing() => Assert.Equal(3, await Rehearsal.HoldAsync());
}
