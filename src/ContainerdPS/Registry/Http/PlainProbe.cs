using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace ContainerdPS.Registry;

/// <summary>Finds out whether a host of this machine speaks TLS, where its port does not tell.</summary>
internal static class PlainProbe
{
    /// <summary>This machine answers a greeting at once, or does not know what it is.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    public static async Task<RegistryHost> DecideAsync(RegistryHost host, CancellationToken cancellationToken)
    {
        if (!host.MayBePlain)
        {
            return host;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        var address = new Uri(host.Origin);
        bool plain = false;
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(address.DnsSafeHost, address.Port, limit.Token).ConfigureAwait(false);
#pragma warning disable CA5359 // Only its language is asked for; whoever it is, nothing is told to it.
            var greeting = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, static (_, _, _, _) => true);
#pragma warning restore CA5359
            await using (greeting.ConfigureAwait(false))
            {
                await greeting.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = address.DnsSafeHost }, limit.Token).ConfigureAwait(false);
            }
        }
        catch (SocketException)
        {
            // Nobody there: the request itself tells that.
        }
        catch (Exception e) when (e is AuthenticationException or IOException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            plain = true;
        }

        return host with { MayBePlain = false, Scheme = plain ? Uri.UriSchemeHttp : host.Scheme };
    }
}
