using System.Net;
using System.Net.Http;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ContainerdPS.Registry;

/// <summary>The connections of one command, shared by what asks for the same checks of a certificate.</summary>
internal sealed class RegistryConnections(IWebProxy? proxy) : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(30);

    private readonly object gate = new();
    private readonly Dictionary<string, HttpMessageInvoker> invokers = new(StringComparer.Ordinal);
    private readonly List<X509Certificate2> certificates = [];

    /// <summary>The proxy that leads to an address, without what it is told of us; null where none does.</summary>
    public string? ProxyTo(Uri address) => proxy?.IsBypassed(address) == false && proxy.GetProxy(address) is { } leading && leading != address ? leading.Authority : null;

    /// <summary>What sends requests to hosts that are checked in a certain way.</summary>
    /// <exception cref="ContainerdException">A certificate or key cannot be read.</exception>
    public HttpMessageInvoker For(HostTls tls, TimeSpan? connectTimeout)
    {
        string key = $"{connectTimeout}\n{tls.Key}";
        lock (gate)
        {
            if (!invokers.TryGetValue(key, out HttpMessageInvoker? invoker))
            {
                invokers[key] = invoker = new HttpMessageInvoker(Handler(tls, connectTimeout ?? ConnectTimeout));
            }

            return invoker;
        }
    }

    public void Dispose()
    {
        foreach (HttpMessageInvoker invoker in invokers.Values)
        {
            invoker.Dispose();
        }

        foreach (X509Certificate2 certificate in certificates)
        {
            certificate.Dispose();
        }
    }

    private SocketsHttpHandler Handler(HostTls tls, TimeSpan connectTimeout)
    {
        var options = new SslClientAuthenticationOptions { CertificateRevocationCheckMode = X509RevocationMode.NoCheck };
        if (tls.SkipCheck)
        {
#pragma warning disable CA5359 // It is what was asked for.
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (tls.Authorities.Count > 0)
        {
            X509Certificate2[] authorities = tls.Authorities.SelectMany(ReadAuthorities).ToArray();
            options.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => IsTrusted(certificate, chain, errors, authorities);
        }

        if (tls.Clients.Count > 0)
        {
            options.ClientCertificates = [.. tls.Clients.Select(ReadClient)];
        }

        return new SocketsHttpHandler
        {
            SslOptions = options,
            ConnectTimeout = connectTimeout,
            Proxy = proxy,
            UseProxy = proxy is not null,

            // Where a redirection leads decides what is shown there: it is followed by hand.
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            ActivityHeadersPropagator = null,
        };
    }

    /// <summary>Trusts what the system trusts, and what was issued by one of the authorities given.</summary>
    private static bool IsTrusted(X509Certificate? certificate, X509Chain? presented, SslPolicyErrors errors, X509Certificate2[] authorities)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is not X509Certificate2 own)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        foreach (X509Certificate2 authority in authorities)
        {
            // A file may also hold what lies between the root and the server.
            (authority.SubjectName.RawData.AsSpan().SequenceEqual(authority.IssuerName.RawData) ? chain.ChainPolicy.CustomTrustStore : chain.ChainPolicy.ExtraStore).Add(authority);
        }

        if (presented is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(presented.ChainPolicy.ExtraStore);
        }

        return chain.Build(own);
    }

    private X509Certificate2Collection ReadAuthorities(string file)
    {
        try
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPemFile(file);
            certificates.AddRange(found);
            return found.Count > 0 ? found : throw Unusable(file, "there is no certificate in it", null);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw Unusable(file, e.Message.TrimEnd('.'), e);
        }
    }

    private X509Certificate2 ReadClient((string Certificate, string? Key) pair)
    {
        try
        {
            X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(pair.Certificate, pair.Key);
            if (OperatingSystem.IsWindows())
            {
                // There TLS takes no key that lives in memory only.
                using X509Certificate2 fleeting = certificate;
#pragma warning disable SYSLIB0057 // Its replacement is not there on .NET 8.
                certificate = new X509Certificate2(fleeting.Export(X509ContentType.Pkcs12));
#pragma warning restore SYSLIB0057
            }

            certificates.Add(certificate);
            return certificate;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw Unusable(pair.Certificate, e.Message.TrimEnd('.'), e);
        }
    }

    private static ContainerdException Unusable(string file, string problem, Exception? inner) => new(
        ContainerdErrorCode.InvalidArgument, $"The certificate file '{file}' cannot be used: {problem}.", inner) { Reason = "CertificateInvalid" };
}
