namespace ContainerdPS.Registry;

/// <summary>A token for some scopes, and until when it is shown.</summary>
internal sealed record BearerToken(string Value, long ExpiresAt)
{
    /// <summary>A server that does not say how long its token lives means this long.</summary>
    private const int DefaultSeconds = 60;

    /// <summary>Taken off the life of a token: a request must still be good when it arrives.</summary>
    private const int Margin = 5;

    public bool IsFresh => Environment.TickCount64 < ExpiresAt;

    /// <summary>A token just received, by our own clock: the server's may be another.</summary>
    public static BearerToken Received(string value, int? seconds)
    {
        int life = seconds is > 0 and { } given ? given : DefaultSeconds;
        return new BearerToken(value, Environment.TickCount64 + (1000L * Math.Max(1, life - Math.Min(Margin, life / 2))));
    }

    // Generated, it would be the token.
    public override string ToString() => nameof(BearerToken);
}
