using System.Collections.Concurrent;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;

namespace ContainerdPS.Registry;

/// <summary>
/// Sends requests to the hosts of one repository: shows who we are where that is asked for, follows redirections, and
/// tries again what may pass.
/// </summary>
internal sealed class RegistryHttp : IDisposable
{
    private const int MostRedirections = 10;

    /// <summary>A request is refused once before a token is shown, and again for one that others have used up meanwhile.</summary>
    private const int MostRefusals = 3;

    private static readonly ProductInfoHeaderValue UserAgent = new("ContainerdPS", typeof(RegistryHttp).Assembly.GetName().Version?.ToString(3));

    private readonly RegistryConnections connections;
    private readonly CredentialSource credentials;
    private readonly Authorizer authorizer;
    private readonly ConcurrentDictionary<string, bool> answered = new(StringComparer.Ordinal);

    public RegistryHttp(RegistryConnections connections, RegistrySettings settings)
    {
        this.connections = connections;
        Settings = settings;
        credentials = new CredentialSource(settings);
        authorizer = new Authorizer(new TokenServer(this), credentials);
    }

    public RegistrySettings Settings { get; }

    /// <summary>Sends a request and gives the answer, whatever its status; its body is still to be read.</summary>
    /// <exception cref="ContainerdException">The host cannot be reached, or wants to know who we are and is not content.</exception>
    public async Task<HttpResponseMessage> SendAsync(RegistryExchange exchange, CancellationToken cancellationToken)
    {
        var delays = new RetryDelays(exchange.Repeats ? Settings.Retries : 0);
        int refusals = 0;
        while (true)
        {
            AuthenticationHeaderValue? shown = exchange.Scopes is null ? null : await authorizer.HeaderAsync(exchange.Host, exchange.Scopes, cancellationToken).ConfigureAwait(false);
            HttpResponseMessage response;
            using (var guard = new StallGuard(Settings.StallTimeout, cancellationToken, exchange.Grace))
            {
                try
                {
                    response = await FollowAsync(exchange, shown, guard).ConfigureAwait(false);
                    answered[exchange.Host.Origin] = true;
                }
                catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
                {
                    ContainerdException failure = RegistryErrors.Unreachable(exchange.Host, e, guard.HasStalled ? Settings.StallTimeout : null, connections.ProxyTo(new Uri(exchange.Host.Origin)));

                    // A host that was never there will not be there in a second; one that was may.
                    if (!(guard.HasStalled || answered.ContainsKey(exchange.Host.Origin)) || !delays.TryNext(null, out TimeSpan pause))
                    {
                        throw failure;
                    }

                    await WaitAsync(pause, failure.Message, cancellationToken).ConfigureAwait(false);
                    continue;
                }
            }

            if (response.StatusCode == HttpStatusCode.Unauthorized && exchange.Scopes is not null && IsFrom(response, exchange.Host))
            {
                bool again = await authorizer.LearnAsync(exchange.Host, response.Headers.NonValidated.TryGetValues("WWW-Authenticate", out HeaderStringValues asked) ? asked : [], shown, cancellationToken).ConfigureAwait(false);
                response.Dispose();
                if (again && refusals++ < MostRefusals)
                {
                    continue;
                }

                throw await authorizer.RefusalAsync(exchange.Host, cancellationToken).ConfigureAwait(false);
            }

            if (!MayPass(response.StatusCode) || !delays.TryNext(RetryDelays.AskedBy(response), out TimeSpan delay))
            {
                return response;
            }

            string answer = $"'{exchange.Host}' answered {(int)response.StatusCode}.";
            response.Dispose();
            await WaitAsync(delay, answer, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads a whole small body; null when it is larger than it may be.</summary>
    public async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpResponseMessage response, int limit, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength > limit)
        {
            return null;
        }

        using var guard = new StallGuard(Settings.StallTimeout, cancellationToken);
        try
        {
            using var body = new MemoryStream();
            Stream stream = await response.Content.ReadAsStreamAsync(guard.Token).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                byte[] buffer = new byte[64 * 1024];
                int read;
                while ((read = await stream.ReadAsync(buffer, guard.Token).ConfigureAwait(false)) > 0)
                {
                    guard.Touch();
                    body.Write(buffer, 0, read);
                    if (body.Length > limit)
                    {
                        return null;
                    }
                }
            }

            return body.ToArray();
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw RegistryErrors.Broken(response.RequestMessage!.RequestUri!.Authority, e, guard.HasStalled ? Settings.StallTimeout : null);
        }
    }

    public void Dispose()
    {
        authorizer.Dispose();
        credentials.Dispose();
    }

    public static bool MayPass(HttpStatusCode status) => status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
        or HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    /// <summary>Where a redirection leads; null where there is none, or to nowhere a request could go.</summary>
    public static Uri? Target(HttpResponseMessage response, Uri from)
    {
        if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
            || response.Headers.Location is not { } location)
        {
            return null;
        }

        Uri target = location.IsAbsoluteUri ? location : new Uri(from, location);
        return target.Scheme is "http" or "https" ? target : null;
    }

    private async Task<HttpResponseMessage> FollowAsync(RegistryExchange exchange, AuthenticationHeaderValue? shown, StallGuard guard)
    {
        Uri? next = null;
        for (int count = 0; ; count++)
        {
            using HttpRequestMessage request = exchange.Request(guard);
            Uri first = request.RequestUri!;
            Uri current = next ?? first;
            request.RequestUri = current;
            request.Headers.UserAgent.Add(UserAgent);
            bool isHost = RegistryHost.OriginOf(current) == exchange.Host.Origin;
            if (isHost)
            {
                foreach ((string name, string value) in exchange.Host.Headers)
                {
                    request.Headers.TryAddWithoutValidation(name, value);
                }

                if (shown is not null)
                {
                    request.Headers.Authorization = shown;
                }
            }

            HttpMessageInvoker invoker = connections.For(isHost ? exchange.Host.Tls : exchange.Host.Tls.WithoutClients, exchange.Host.ConnectTimeout);
            HttpResponseMessage response = await invoker.SendAsync(request, guard.Token).ConfigureAwait(false);
            Settings.Log?.Invoke($"{request.Method} {SafeAddress.Of(current)}: {(int)response.StatusCode}");
            if (Target(response, current) is not { } target || !MayFollow(exchange, request, response, first, target))
            {
                return response;
            }

            response.Dispose();
            next = count < MostRedirections ? target : throw RegistryErrors.TooManyRedirections(exchange.Host.Authority, MostRedirections);
        }
    }

    /// <summary>What carries a body is sent again to its own host only, and only where its method stays what it is.</summary>
    private static bool MayFollow(RegistryExchange exchange, HttpRequestMessage request, HttpResponseMessage response, Uri first, Uri target)
    {
        bool same = RegistryHost.OriginOf(target) == RegistryHost.OriginOf(first);
        bool reads = request.Method == HttpMethod.Get || request.Method == HttpMethod.Head;
        return reads ? exchange.Follows || same : same && response.StatusCode is HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;
    }

    private static bool IsFrom(HttpResponseMessage response, RegistryHost host) => RegistryHost.OriginOf(response.RequestMessage!.RequestUri!) == host.Origin;

    private async Task WaitAsync(TimeSpan delay, string why, CancellationToken cancellationToken)
    {
        Settings.Log?.Invoke($"{why} It is tried again in {delay.TotalSeconds:0.0} s.");
        await Settings.Delay(delay, cancellationToken).ConfigureAwait(false);
    }
}
