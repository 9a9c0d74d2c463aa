using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;

namespace FakeRegistry;

/// <summary>
/// A registry, on loopback unless told otherwise, that has any image asked of it, and misbehaves as the last part of the repository's name says
/// (<see cref="Misbehaviour"/> lists the names). What it does is of one repository: each test names one of its own.
/// </summary>
public sealed class RegistryServer : IAsyncDisposable
{
    private readonly WebApplication server;
    private readonly ConcurrentQueue<SeenRequest> requests = new();
    private readonly ConcurrentDictionary<string, FakeRepository> repositories = new();

    private RegistryServer(X509Certificate2? certificate, IPAddress address)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.Limits.MaxRequestBodySize = null;
            options.Listen(address, 0, listen =>
            {
                if (certificate is not null)
                {
                    listen.UseHttps(certificate);
                }
            });
        });
        server = builder.Build();
        server.Run(HandleAsync);
    }

    /// <summary>Address and port.</summary>
    public string Authority { get; private set; } = string.Empty;

    public string Scheme { get; private set; } = string.Empty;

    /// <summary>Another server, to redirect to.</summary>
    public RegistryServer? Elsewhere { get; set; }

    /// <summary>What was asked, in the order of arrival.</summary>
    public IReadOnlyList<SeenRequest> Requests => [.. requests];

    /// <summary>Answers in place of the registry where it gives true.</summary>
    public Func<HttpContext, Task<bool>>? Before { get; set; }

    public static async Task<RegistryServer> StartAsync(X509Certificate2? certificate = null, IPAddress? address = null)
    {
        var registry = new RegistryServer(certificate, address ?? IPAddress.Loopback);
        await registry.server.StartAsync();
        var own = new Uri(registry.server.Urls.Single());
        registry.Authority = own.Authority;
        registry.Scheme = own.Scheme;
        return registry;
    }

    public FakeRepository Repository(string name) => repositories.GetOrAdd(name, static name => new FakeRepository(name, Misbehaviour.ImageFor(name)));

    /// <summary>What was asked about one repository.</summary>
    public IReadOnlyList<SeenRequest> RequestsOf(string repository) => Requests.Where(request => request.Path.Contains($"/{repository}/", StringComparison.Ordinal)).ToArray();

    public async ValueTask DisposeAsync()
    {
        // Without a wait for answers that hang on purpose.
        await server.StopAsync(new CancellationToken(canceled: true));
        await server.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        requests.Enqueue(new SeenRequest(
            request.Method,
            request.GetEncodedPathAndQuery(),
            request.Headers.Authorization.ToString(),
            request.Headers.ToDictionary(static header => header.Key, static header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
        try
        {
            if (Before is not null && await Before(context))
            {
                return;
            }

            await RouteAsync(context, request.Path.Value!);
        }
        catch (OperationCanceledException)
        {
            // The client left.
        }
    }

    private async Task RouteAsync(HttpContext context, string path)
    {
        if (path.StartsWith("/token/", StringComparison.Ordinal))
        {
            await Misbehaviour.TokenAsync(Repository(path["/token/".Length..]), context);
            return;
        }

        if (path.StartsWith("/uploads/", StringComparison.Ordinal))
        {
            // For tests: how many uploads of a repository have not ended.
            await context.Response.WriteAsync($"{Repository(path["/uploads/".Length..]).Uploads.Count}", context.RequestAborted);
            return;
        }

        foreach (string kind in new[] { "/manifests/", "/blobs/uploads/", "/blobs/" })
        {
            int at = path.LastIndexOf(kind, StringComparison.Ordinal);
            if (at > 0 && path.StartsWith("/v2/", StringComparison.Ordinal))
            {
                FakeRepository repository = Repository(path["/v2/".Length..at]);
                string rest = path[(at + kind.Length)..];
                if (!await Misbehaviour.TryAsync(this, repository, kind, rest, context))
                {
                    await AnswerAsync(repository, kind, rest, context);
                }

                return;
            }
        }

        context.Response.StatusCode = path == "/v2/" ? StatusCodes.Status200OK : StatusCodes.Status404NotFound;
    }

    private Task AnswerAsync(FakeRepository repository, string kind, string rest, HttpContext context) => (kind, context.Request.Method) switch
    {
        ("/manifests/", "PUT") => Pushes.ManifestAsync(repository, rest, context),
        ("/manifests/", _) => ManifestAsync(repository, rest, context),
        ("/blobs/uploads/", _) => Pushes.UploadAsync(this, repository, rest, context),
        _ => BlobAsync(repository, rest, context),
    };

    private static async Task ManifestAsync(FakeRepository repository, string name, HttpContext context)
    {
        (string MediaType, byte[] Content)? found = repository.Manifests.TryGetValue(name, out var pushed) ? pushed
            : repository.Scenario == "empty" ? null
            : name == "latest" || name == repository.Image.Digest ? (repository.Image.MediaType, repository.Blobs[repository.Image.Digest])
            : repository.Blobs.TryGetValue(name, out byte[]? content) ? ("application/vnd.oci.image.manifest.v1+json", content) : null;
        if (found is not { } manifest)
        {
            await FailAsync(context, StatusCodes.Status404NotFound, "MANIFEST_UNKNOWN", "manifest unknown");
            return;
        }

        context.Response.ContentType = manifest.MediaType;
        context.Response.Headers["Docker-Content-Digest"] = FakeImage.DigestOf(manifest.Content);
        context.Response.ContentLength = manifest.Content.Length;
        if (context.Request.Method == "GET")
        {
            await context.Response.Body.WriteAsync(manifest.Content, context.RequestAborted);
        }
    }

    private static async Task BlobAsync(FakeRepository repository, string digest, HttpContext context)
    {
        if (!repository.Blobs.TryGetValue(digest, out byte[]? content))
        {
            await FailAsync(context, StatusCodes.Status404NotFound, "BLOB_UNKNOWN", "blob unknown to registry");
            return;
        }

        int start = StartRange(context, content.Length);
        context.Response.ContentLength = content.Length - start;
        if (context.Request.Method == "GET")
        {
            await context.Response.Body.WriteAsync(content.AsMemory(start), context.RequestAborted);
        }
    }

    /// <summary>Where an answer begins, and says so.</summary>
    internal static int StartRange(HttpContext context, int length)
    {
        string range = context.Request.Headers.Range.ToString();
        if (!range.StartsWith("bytes=", StringComparison.Ordinal))
        {
            return 0;
        }

        int start = int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
        context.Response.StatusCode = StatusCodes.Status206PartialContent;
        context.Response.Headers.ContentRange = $"bytes {start}-{length - 1}/{length}";
        return start;
    }

    internal static Task FailAsync(HttpContext context, int status, string code, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        string body = $$"""{"errors":[{"code":"{{code}}","message":"{{message}}"}]}""";
        context.Response.ContentLength = body.Length;
        return context.Request.Method == "HEAD" ? Task.CompletedTask : context.Response.WriteAsync(body, context.RequestAborted);
    }
}
