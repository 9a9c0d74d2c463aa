using System.Net.Http;

namespace ContainerdPS.Registry;

/// <summary>One request to a host, as often as it has to be made.</summary>
internal sealed record RegistryExchange
{
    public required RegistryHost Host { get; init; }

    /// <summary>Makes the request, anew each time it is sent. It tells the guard when its body makes progress.</summary>
    public required Func<StallGuard, HttpRequestMessage> Request { get; init; }

    /// <summary>What a token for it must be good for; null where nothing of who we are is shown.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>Whether a redirection to another server is followed. Nothing of who we are goes there.</summary>
    public bool Follows { get; init; } = true;

    /// <summary>Whether it is made again after a failure that may pass.</summary>
    public bool Repeats { get; init; } = true;

    /// <summary>How long its answer is waited for when the user stops it in the middle: for what makes something there that only the answer names.</summary>
    public TimeSpan Grace { get; init; }
}
