using System.Net.Http;

namespace ContainerdPS.Registry;

/// <summary>How long to wait before each further try: longer each time, or for as long as the server says.</summary>
internal sealed class RetryDelays(int limit)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>A server that wants to be left alone for longer than this is not waited for.</summary>
    private static readonly TimeSpan LongestAsked = TimeSpan.FromMinutes(2);

    private int made;

    /// <summary>Progress was made: the count begins anew.</summary>
    public void Reset() => made = 0;

    /// <summary>Whether to try again, and when.</summary>
    /// <param name="asked">What the server asks for; null when it does not.</param>
    /// <param name="delay">How long to wait.</param>
    public bool TryNext(TimeSpan? asked, out TimeSpan delay)
    {
        delay = default;
        if (made >= limit || asked > LongestAsked)
        {
            return false;
        }

        // Clients that failed together must not come back together.
        double grown = First.TotalMilliseconds * Math.Pow(2, made) * (0.8 + (0.4 * Random.Shared.NextDouble()));
        delay = asked is { } given && given.TotalMilliseconds > grown ? given : TimeSpan.FromMilliseconds(Math.Min(grown, Longest.TotalMilliseconds));
        made++;
        return true;
    }

    /// <summary>The time a response asks to be left alone for, in seconds or until a date; null when it does not.</summary>
    public static TimeSpan? AskedBy(HttpResponseMessage response)
    {
        TimeSpan? wait = response.Headers.RetryAfter is not { } header ? null : header.Delta ?? header.Date - DateTimeOffset.UtcNow;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
