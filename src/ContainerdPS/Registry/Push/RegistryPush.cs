using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using ContainerdPS.Oci;

namespace ContainerdPS.Registry;

/// <summary>Writes to a repository, on the one host of it that is pushed to.</summary>
internal sealed class RegistryPush(RegistryRepository repository)
{
    public RegistryRepository Repository => repository;

    public RegistryHost Host { get; } = repository.PushHost;

    public RegistrySettings Settings => repository.Http.Settings;

    private string Scope => $"repository:{repository.Reference.Path}:pull,push";

    /// <summary>Whether a blob is there, whole.</summary>
    public async Task<bool> HasBlobAsync(OciDescriptor blob, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await AskAsync("blobs/" + blob.Digest, blob.MediaType, cancellationToken).ConfigureAwait(false);

        // What a host says of another size is not the blob, whatever it calls it.
        return response.IsSuccessStatusCode && (response.Content.Headers.ContentLength is not { } size || size == blob.Size);
    }

    /// <summary>Whether a tag, or digest, refers to a manifest.</summary>
    public async Task<bool> HasManifestAsync(string name, OciDescriptor manifest, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await AskAsync("manifests/" + name, manifest.MediaType, cancellationToken).ConfigureAwait(false);
        return response.IsSuccessStatusCode && (DigestOf(response) is { } digest ? digest == manifest.Digest : name == manifest.Digest);
    }

    /// <summary>Puts a manifest or an index under a tag or its digest. What it names has to be there.</summary>
    public async Task PutManifestAsync(string name, OciDescriptor manifest, ReadOnlyMemory<byte> document, CancellationToken cancellationToken)
    {
        Uri address = Host.Address(repository.Reference, "manifests/" + name);
        HttpResponseMessage response = await SendAsync(
            _ => new HttpRequestMessage(HttpMethod.Put, address)
            {
                Content = new ReadOnlyMemoryContent(document) { Headers = { ContentType = MediaTypeHeaderValue.Parse(manifest.MediaType) } },
            },
            repeats: true,
            cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            throw await repository.FailedAsync(response, cancellationToken).ConfigureAwait(false);
        }

        using (response)
        {
            CheckKept(response, manifest);
        }
    }

    /// <summary>Sends a request that writes.</summary>
    /// <param name="request">Makes it.</param>
    /// <param name="repeats">Whether it is made again after what may pass.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<HttpResponseMessage> SendAsync(Func<StallGuard, HttpRequestMessage> request, bool repeats, CancellationToken cancellationToken) =>
        repository.Http.SendAsync(repository.Exchange(Host, request, cancellationToken, Scope) with { Repeats = repeats }, cancellationToken);

    /// <summary>Begins an upload. Where the user stops that in the middle, its answer is waited for, which tells what is to be called off.</summary>
    /// <param name="rest">What follows the repository in the address.</param>
    /// <param name="grace">How long the answer is waited for then.</param>
    /// <param name="from">Another repository that is read from; null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<HttpResponseMessage> BeginAsync(string rest, TimeSpan grace, string? from, CancellationToken cancellationToken)
    {
        Uri address = Host.Address(repository.Reference, rest);
        string[] scopes = from is null ? [Scope] : [Scope, $"repository:{from}:pull"];
        RegistryExchange exchange = repository.Exchange(Host, _ => new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent([]) }, cancellationToken, scopes);
        return repository.Http.SendAsync(exchange with { Grace = grace }, cancellationToken);
    }

    /// <summary>A host that says what it has kept, and it is something else, has not kept it.</summary>
    public void CheckKept(HttpResponseMessage response, OciDescriptor sent)
    {
        if (DigestOf(response) is { } kept && kept != sent.Digest)
        {
            throw RegistryErrors.KeptWrong(Host.Authority, kept, sent.Digest);
        }
    }

    /// <summary>Asks for something without its bytes. A refusal is no answer: the writing will say what is wrong.</summary>
    private async Task<HttpResponseMessage> AskAsync(string rest, string mediaType, CancellationToken cancellationToken)
    {
        Uri address = Host.Address(repository.Reference, rest);
        HttpResponseMessage response = await SendAsync(
            _ =>
            {
                var request = new HttpRequestMessage(HttpMethod.Head, address);
                request.Headers.TryAddWithoutValidation("Accept", mediaType);
                request.Headers.TryAddWithoutValidation("Accept", "*/*");
                return request;
            },
            repeats: true,
            cancellationToken).ConfigureAwait(false);
        return RegistryHttp.MayPass(response.StatusCode) ? throw await repository.FailedAsync(response, cancellationToken).ConfigureAwait(false) : response;
    }

    private static string? DigestOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Docker-Content-Digest", out IEnumerable<string>? values) ? values.FirstOrDefault() : null;
}
