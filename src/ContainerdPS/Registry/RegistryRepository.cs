using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;

namespace ContainerdPS.Registry;

/// <summary>The repository an image's name means, on the hosts that may have it. Hosts are tried in their order.</summary>
internal sealed class RegistryRepository : IDisposable
{
    /// <summary>A manifest, index or configuration is a few kilobytes; what is larger than this is not one.</summary>
    public const int DocumentLimit = 8 * 1024 * 1024;

    private static readonly string[] Documents = [MediaTypes.OciIndex, MediaTypes.DockerManifestList, MediaTypes.OciManifest, MediaTypes.DockerManifest];

    private readonly RegistryHosts hosts;
    private readonly RegistryHttp http;

    private RegistryRepository(ImageReference reference, RegistryHosts hosts, RegistryHttp http)
    {
        Reference = reference;
        this.hosts = hosts;
        this.http = http;
    }

    public ImageReference Reference { get; }

    public RegistryHttp Http => http;

    public string PullScope => $"repository:{Reference.Path}:pull";

    /// <summary>Finds out where an image's repository is. Nothing is asked of it yet.</summary>
    public static async Task<RegistryRepository> OpenAsync(ImageReference reference, RegistrySettings settings, RegistryConnections connections, CancellationToken cancellationToken)
    {
        RegistryHosts hosts = await RegistryHosts.FindAsync(reference.Domain, settings, cancellationToken).ConfigureAwait(false);
        RegistryHost[] decided = await Task.WhenAll(hosts.Hosts.Select(host => PlainProbe.DecideAsync(host, cancellationToken))).ConfigureAwait(false);
        return new RegistryRepository(reference, hosts with { Hosts = decided }, new RegistryHttp(connections, settings));
    }

    /// <summary>The host that is pushed to.</summary>
    public RegistryHost PushHost => hosts.With(HostCapabilities.Push, Reference.Domain)[0];

    /// <summary>What the name's tag, or digest, refers to.</summary>
    public Task<OciDescriptor> ResolveAsync(CancellationToken cancellationToken)
    {
        // With a digest, no host has to be trusted.
        HostCapabilities wanted = Reference.Digest is null ? HostCapabilities.Pull | HostCapabilities.Resolve : HostCapabilities.Pull;
        return AnyAsync(wanted, ResolveAsync, cancellationToken);
    }

    /// <summary>A manifest, index or configuration, with its digest checked.</summary>
    public Task<ReadOnlyMemory<byte>> DocumentAsync(OciDescriptor descriptor, CancellationToken cancellationToken)
    {
        if (descriptor.Size > DocumentLimit)
        {
            throw TooLarge(descriptor.Size);
        }

        return AnyAsync(HostCapabilities.Pull, (host, token) => DocumentAsync(host, descriptor, token), cancellationToken);
    }

    /// <summary>The bytes of a blob from an offset on. Its size is watched; its digest is for whoever keeps it to check.</summary>
    public RegistryBlobStream Blob(OciDescriptor descriptor, long offset) => new(this, descriptor, offset);

    /// <summary>Opens a blob at an offset, for <see cref="RegistryBlobStream"/>.</summary>
    /// <returns>The answer, and at which offset its body begins.</returns>
    public async Task<(HttpResponseMessage Response, long Start)> OpenBlobAsync(OciDescriptor descriptor, long offset, CancellationToken cancellationToken)
    {
        foreach (string address in descriptor.Urls ?? [])
        {
            if (Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https")
            {
                var host = new RegistryHost { Scheme = uri!.Scheme, Authority = uri.Authority };
                HttpResponseMessage response = await http.SendAsync(new RegistryExchange { Host = host, Request = _ => Get(uri, descriptor.MediaType, offset) }, cancellationToken).ConfigureAwait(false);
                if (response.IsSuccessStatusCode)
                {
                    return Started(host, descriptor, response, offset);
                }

                response.Dispose();
            }
        }

        return await AnyAsync(
            HostCapabilities.Pull,
            async (host, token) =>
            {
                HttpResponseMessage response = await http.SendAsync(
                    Exchange(host, _ => Get(host.Address(Reference, "blobs/" + descriptor.Digest), descriptor.MediaType, offset), token), token).ConfigureAwait(false);
                return response.IsSuccessStatusCode ? Started(host, descriptor, response, offset) : throw await FailedAsync(response, token).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
    }

    public RegistryExchange Exchange(RegistryHost host, Func<StallGuard, HttpRequestMessage> request, CancellationToken cancellationToken, params string[] scopes)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new RegistryExchange { Host = host, Request = request, Scopes = scopes.Length == 0 ? [PullScope] : scopes };
    }

    /// <summary>The error that an answer is, with what its body says; the answer is done with.</summary>
    public async Task<ContainerdException> FailedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using (response)
        {
            return await RegistryErrors.StatusAsync(http, response, cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<OciDescriptor> ResolveAsync(RegistryHost host, CancellationToken cancellationToken)
    {
        Uri address = host.Address(Reference, "manifests/" + (Reference.Digest ?? Reference.Tag));
        using (HttpResponseMessage head = await http.SendAsync(Exchange(host, _ => Request(HttpMethod.Head, address, Documents), cancellationToken), cancellationToken).ConfigureAwait(false))
        {
            string? digest = Reference.Digest ?? DigestOf(head);
            if (head.IsSuccessStatusCode && digest is not null && head.Content.Headers.ContentLength is { } size && MediaTypeOf(head) is { } mediaType)
            {
                return size <= DocumentLimit ? new OciDescriptor { MediaType = mediaType, Digest = digest, Size = size } : throw TooLarge(size);
            }

            if (head.StatusCode == HttpStatusCode.NotFound)
            {
                throw RegistryErrors.Status(host.Authority, head.StatusCode, null);
            }
        }

        // Not every host answers HEAD as it should, and no answer to HEAD says what is wrong.
        using HttpResponseMessage get = await http.SendAsync(Exchange(host, _ => Request(HttpMethod.Get, address, Documents), cancellationToken), cancellationToken).ConfigureAwait(false);
        if (!get.IsSuccessStatusCode)
        {
            throw await FailedAsync(get, cancellationToken).ConfigureAwait(false);
        }

        ReadOnlyMemory<byte> document = await http.ReadAsync(get, DocumentLimit, cancellationToken).ConfigureAwait(false) ?? throw TooLarge(get.Content.Headers.ContentLength);
        string actual = Reference.Digest is { } wanted ? Checked("The manifest", wanted, document) : Digest.Compute(document.Span).ToString();
        return new OciDescriptor { MediaType = MediaTypeOf(get) ?? ManifestKind.Of(document), Digest = actual, Size = document.Length };
    }

    private async Task<ReadOnlyMemory<byte>> DocumentAsync(RegistryHost host, OciDescriptor descriptor, CancellationToken cancellationToken)
    {
        bool isManifest = MediaTypes.IsIndex(descriptor.MediaType) || MediaTypes.IsManifest(descriptor.MediaType);
        Uri address = host.Address(Reference, $"{(isManifest ? "manifests" : "blobs")}/{descriptor.Digest}");
        using HttpResponseMessage response = await http.SendAsync(
            Exchange(host, _ => Request(HttpMethod.Get, address, descriptor.MediaType.Length > 0 ? [descriptor.MediaType] : []), cancellationToken), cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            throw await FailedAsync(response, cancellationToken).ConfigureAwait(false);
        }

        ReadOnlyMemory<byte> document = await http.ReadAsync(response, DocumentLimit, cancellationToken).ConfigureAwait(false) ?? throw TooLarge(response.Content.Headers.ContentLength);
        string what = $"What '{host}' sent as {(isManifest ? "the manifest" : "the configuration")} {descriptor.Digest}";
        Checked(what, descriptor.Digest, document);
        return document.Length == descriptor.Size ? document : throw RegistryErrors.WrongSize(what, $"{document.Length}", descriptor.Size);
    }

    /// <summary>Asks the hosts in turn, until one can do it. When none can, the first word that says most is the one to tell.</summary>
    private async Task<T> AnyAsync<T>(HostCapabilities wanted, Func<RegistryHost, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        IReadOnlyList<RegistryHost> able = hosts.With(wanted, Reference.Domain);
        ContainerdException? first = null;
        foreach (RegistryHost host in able)
        {
            try
            {
                return await ask(host, cancellationToken).ConfigureAwait(false);
            }
            catch (ContainerdException e) when (host != able[^1])
            {
                http.Settings.Log?.Invoke($"{e.Message} The next host is tried.");
                first ??= e;
            }
            catch (ContainerdException e) when (first is not null && e.Code == ContainerdErrorCode.NotFound && first.Code != ContainerdErrorCode.NotFound)
            {
                throw first;
            }
        }

        throw first!;
    }

    private static (HttpResponseMessage, long) Started(RegistryHost host, OciDescriptor descriptor, HttpResponseMessage response, long offset)
    {
        long start = response.StatusCode == HttpStatusCode.PartialContent ? response.Content.Headers.ContentRange?.From ?? offset : 0;
        string? problem = start > offset ? $"asked for the bytes from {offset} on, it gave those from {start}"
            : response.Content.Headers.ContentEncoding.Count > 0 ? "it compressed a blob on its way, which was not asked for"
            : null;
        if (problem is null && (response.Content.Headers.ContentLength is not { } length || start + length == descriptor.Size))
        {
            return (response, start);
        }

        using (response)
        {
            throw problem is null
                ? RegistryErrors.WrongSize($"What '{host}' sends as {descriptor.Digest}", $"{start + response.Content.Headers.ContentLength}", descriptor.Size)
                : RegistryErrors.Unexpected(host.Authority, problem);
        }
    }

    private static string Checked(string what, string digest, ReadOnlyMemory<byte> document)
    {
        var expected = Digest.Parse(digest);
        return expected.Matches(document.Span) ? digest : throw RegistryErrors.WrongDigest(what, Digest.Compute(document.Span).ToString(), digest);
    }

    private static HttpRequestMessage Get(Uri address, string mediaType, long offset)
    {
        HttpRequestMessage request = Request(HttpMethod.Get, address, mediaType.Length > 0 ? [mediaType] : []);
        if (offset > 0)
        {
            request.Headers.Range = new RangeHeaderValue(offset, null);
        }

        return request;
    }

    private static HttpRequestMessage Request(HttpMethod method, Uri address, string[] accepted)
    {
        var request = new HttpRequestMessage(method, address);
        foreach (string mediaType in accepted)
        {
            request.Headers.TryAddWithoutValidation("Accept", mediaType);
        }

        request.Headers.TryAddWithoutValidation("Accept", "*/*");
        return request;
    }

    private static string? DigestOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Docker-Content-Digest", out IEnumerable<string>? values) && values.FirstOrDefault() is { } digest && Digest.IsValid(digest) ? digest : null;

    private static string? MediaTypeOf(HttpResponseMessage response) =>
        response.Content.Headers.ContentType?.MediaType is { } mediaType && Array.IndexOf(Documents, mediaType) >= 0 ? mediaType : null;

    private static ContainerdException TooLarge(long? size) => new(
        ContainerdErrorCode.ResourceExhausted,
        $"Its manifest{(size is { } known ? $" has {known} bytes, and" : string.Empty)} is larger than {DocumentLimit / (1024 * 1024)} MiB, too large for what it should be.") { Reason = "ManifestTooLarge" };
}
