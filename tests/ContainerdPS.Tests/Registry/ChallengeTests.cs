using ContainerdPS.Registry;
using Xunit;

namespace ContainerdPS.Tests.Registry;

public sealed class ChallengeTests
{
    [Fact]
    public void ReadsABearerChallenge()
    {
        Challenge challenge = Assert.Single(Challenge.Parse("Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\",scope=\"repository:a/b:pull,push\""));
        Assert.Equal("bearer", challenge.Scheme);
        Assert.Equal("https://auth.docker.io/token", challenge["realm"]);
        Assert.Equal("registry.docker.io", challenge["service"]);
        Assert.Equal("repository:a/b:pull,push", challenge["scope"]);
    }

    [Fact]
    public void ReadsSeveralInOneHeader()
    {
        IReadOnlyList<Challenge> challenges = Challenge.Parse("Negotiate, Basic realm=\"a, \\\"quoted\\\" place\" , BEARER Realm = plain , error=\"invalid_token\"");
        Assert.Equal(["negotiate", "basic", "bearer"], challenges.Select(static challenge => challenge.Scheme));
        Assert.Equal("a, \"quoted\" place", challenges[1]["realm"]);
        Assert.Equal("plain", challenges[2]["realm"]);
        Assert.Equal("invalid_token", challenges[2]["error"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("=")]
    [InlineData("\"")]
    [InlineData(",,,")]
    [InlineData("Bearer realm=\"never ended")]
    [InlineData("Bearer \u0001")]
    [InlineData("Negotiate YII==")]
    public void IsNotUpsetByNonsense(string header) => Assert.True(Challenge.Parse(header).Count <= 2);
}
