using System.Net.Http.Headers;

namespace ContainerdPS.Registry;

/// <summary>
/// Knows what each host wants to see, and shows it to that host only. What a host asks for is learned from its refusal;
/// tokens are kept for as long as they are good, by what they are good for.
/// </summary>
internal sealed class Authorizer(TokenServer tokens, CredentialSource credentials) : IDisposable
{
    private readonly SemaphoreSlim gate = new(1);
    private readonly Dictionary<string, Challenge> challenges = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Origin, string Scopes), BearerToken> kept = [];

    /// <summary>What a request shows to its host; null when nothing is asked for, as far as is known.</summary>
    public async Task<AuthenticationHeaderValue?> HeaderAsync(RegistryHost host, IReadOnlyList<string> scopes, CancellationToken cancellationToken)
    {
        // One at a time: a dozen layers that start together need one token.
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!challenges.TryGetValue(host.Origin, out Challenge? challenge))
            {
                return null;
            }

            RegistryCredential? credential = await credentials.FindAsync(host.Authority, host.IsRegistry, cancellationToken).ConfigureAwait(false);
            if (credential?.Kind == RegistryCredentialKind.RegistryToken)
            {
                return new AuthenticationHeaderValue("Bearer", credential.Secret);
            }

            if (challenge.Scheme == Challenge.Basic)
            {
                return credential?.Kind == RegistryCredentialKind.Password ? TokenServer.BasicHeader(credential) : throw RegistryErrors.Unauthorized(host.Authority, credential);
            }

            string[] wanted = scopes.Concat((challenge["scope"] ?? string.Empty).Split(' ', StringSplitOptions.RemoveEmptyEntries)).Distinct().Order(StringComparer.Ordinal).ToArray();
            (string Origin, string) key = (host.Origin, string.Join(' ', wanted));
            if (!kept.TryGetValue(key, out BearerToken? token) || !token.IsFresh)
            {
                token = await tokens.FetchAsync(host, challenge, wanted, credential, cancellationToken).ConfigureAwait(false);
                kept[key] = token;
            }

            return new AuthenticationHeaderValue("Bearer", token.Value);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Learns from a refusal what a host asks for.</summary>
    /// <param name="host">The host.</param>
    /// <param name="headers">The refusal's WWW-Authenticate headers.</param>
    /// <param name="shown">What the refused request had shown; null for nothing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether the request may be made again, with something else to show.</returns>
    public async Task<bool> LearnAsync(RegistryHost host, IEnumerable<string> headers, AuthenticationHeaderValue? shown, CancellationToken cancellationToken)
    {
        Challenge[] asked = headers.SelectMany(Challenge.Parse).ToArray();
        Challenge? challenge = Array.Find(asked, static one => one.Scheme == Challenge.Bearer) ?? Array.Find(asked, static one => one.Scheme == Challenge.Basic);
        if (challenge is null)
        {
            return false;
        }

        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            challenges[host.Origin] = challenge;
            foreach ((string Origin, string Scopes) key in kept.Where(token => token.Key.Origin == host.Origin && token.Value.Value == shown?.Parameter).Select(static token => token.Key).ToArray())
            {
                // The host no longer takes it, whatever its server said of its life.
                kept.Remove(key);
            }

            // There is always another token to be had, or another request has had one already; a password stays what it is.
            return shown is null || challenge.Scheme == Challenge.Bearer;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>The refusal of a request for which nothing else can be shown.</summary>
    public async Task<ContainerdException> RefusalAsync(RegistryHost host, CancellationToken cancellationToken) =>
        RegistryErrors.Unauthorized(host.Authority, await credentials.FindAsync(host.Authority, host.IsRegistry, cancellationToken).ConfigureAwait(false));

    public void Dispose() => gate.Dispose();
}
