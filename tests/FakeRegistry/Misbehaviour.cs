using System.Text;
using Microsoft.AspNetCore.Http;

namespace FakeRegistry;

/// <summary>
/// The ways a registry goes wrong, by the last part of the repository's name. A name that is none of these is a good
/// repository.
/// </summary>
internal static class Misbehaviour
{
    /// <summary>Who may come in, where somebody must.</summary>
    public const string UserName = "somebody";
    public const string Password = "open-sesame";

    private const int HugeManifest = 100 * 1024 * 1024;
    private const int Blob = 0;

    public static FakeImage ImageFor(string name) => name[(name.LastIndexOf('/') + 1)..] switch
    {
        "wrong-size" => FakeImage.Make(name, lie: 10),
        "too-long" => FakeImage.Make(name, lie: -10),
        "index" => FakeImage.MakeIndex(name, "amd64", "arm64", "s390x"),
        "foreign" => FakeImage.MakeIndex(name, "s390x", "ppc64le"),
        "many-layers" => FakeImage.Make(name, layers: 10, size: 300_000),
        "stall" or "truncated" or "broken-once" => FakeImage.Make(name, size: 4_000_000),
        "no-layer-of-many" => FakeImage.Make(name, layers: 30, size: 20_000),
        "slow" => FakeImage.Make(name, layers: 3, size: 4_000_000),
        "index-wrong-size" => FakeImage.MakeIndex(name, 10, "amd64", "arm64"),
        "no-manifest" => FakeImage.Make(name, flaw: ImageFlaw.NoManifest),
        "no-config" => FakeImage.Make(name, flaw: ImageFlaw.NoConfig),
        "no-tar" => FakeImage.Make(name, flaw: ImageFlaw.NoTar),
        "cut" => FakeImage.Make(name, flaw: ImageFlaw.Cut),
        "other-diff-id" => FakeImage.Make(name, flaw: ImageFlaw.OtherDiffId),
        "bomb" => FakeImage.Make(name, flaw: ImageFlaw.Bomb),
        "encrypted" => FakeImage.Make(name, flaw: ImageFlaw.Encrypted),
        _ => FakeImage.Make(name),
    };

    /// <summary>What the image of a mended repository is; null where it was good before.</summary>
    public static FakeImage? GoodImageFor(string name) => name[(name.LastIndexOf('/') + 1)..] switch
    {
        "index-wrong-size" => FakeImage.MakeIndex(name, "amd64", "arm64"),
        "wrong-size" or "too-long" or "no-manifest" or "no-config" or "no-tar" or "cut" or "other-diff-id" or "bomb" or "encrypted" => FakeImage.Make(name),
        _ => null,
    };

    /// <summary>Misbehaves, where that is what the repository is there for.</summary>
    /// <returns>Whether the request is answered with that.</returns>
    public static async Task<bool> TryAsync(RegistryServer registry, FakeRepository repository, string kind, string rest, HttpContext context)
    {
        HttpResponse response = context.Response;
        bool isFirstLayer = kind == "/blobs/" && rest == repository.FirstLayer && context.Request.Method == "GET";
        bool isManifest = kind == "/manifests/";
        bool isDaemon = context.Request.Headers.UserAgent.ToString().StartsWith("containerd/", StringComparison.Ordinal);
        switch (repository.Scenario)
        {
            case "wrong-digest" when isFirstLayer:
            case "altered-config" when kind == "/blobs/" && rest == repository.Image.ConfigDigest && context.Request.Method == "GET":
            case "altered-manifest" when isManifest && context.Request.Method == "GET":
                await AlteredAsync(repository, isManifest ? repository.Image.Digest : rest, context);
                return true;
            case "too-long" when isFirstLayer:
                await response.Body.WriteAsync(repository.Blobs[rest], context.RequestAborted);
                return true;
            case "truncated" when isFirstLayer:
                await PartAsync(repository, context, hang: false, knowsRanges: true, onlyTo: repository.Blobs[rest].Length / 2);
                return true;
            case "broken-once" or "broken-no-ranges" when isFirstLayer && repository.Count("blob") == 1:
                await PartAsync(repository, context, hang: false, knowsRanges: true);
                return true;
            case "broken-no-ranges" when isFirstLayer:
                await response.Body.WriteAsync(repository.Blobs[rest], context.RequestAborted);
                return true;
            case "stall-once" when isFirstLayer && repository.Count("blob") == 1:
            case "stall" when isFirstLayer:
                await PartAsync(repository, context, hang: true, knowsRanges: true, onlyTo: repository.Blobs[rest].Length / 2);
                return true;
            case "stall-manifest" when isManifest:
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
                return true;
            case "slow" when kind == "/blobs/" && repository.Blobs.TryGetValue(rest, out byte[]? whole) && whole.Length > 100_000 && context.Request.Method == "GET":
                await SlowAsync(whole, context);
                return true;
            case "huge-manifest" when isManifest:
                await HugeAsync(context, "application/vnd.oci.image.manifest.v1+json");
                return true;
            case "huge-index" when isManifest:
                response.ContentLength = HugeManifest;
                response.Headers["Docker-Content-Digest"] = FakeImage.DigestOf([]);
                await HugeAsync(context, "application/vnd.oci.image.index.v1+json");
                return true;
            case "grown-manifest" when isManifest && context.Request.Method == "GET":
                await HugeAsync(context, "application/vnd.oci.image.manifest.v1+json");
                return true;
            case "redirect-loop" when isFirstLayer:
                response.StatusCode = StatusCodes.Status307TemporaryRedirect;
                response.Headers.Location = context.Request.Path.Value + "?again=" + repository.Count("loop");
                return true;
            case "redirect" or "redirect-login" when kind == "/blobs/" && context.Request.Method == "GET" && registry.Elsewhere is { } elsewhere && await MayPassAsync(repository, context):
                elsewhere.Repository(repository.Name);
                response.StatusCode = StatusCodes.Status307TemporaryRedirect;
                response.Headers.Location = $"{elsewhere.Scheme}://{elsewhere.Authority}/v2/elsewhere/{repository.Name}/blobs/{rest}?signature=secret-signature";
                return true;
            case "redirect" or "redirect-login" when response.HasStarted || response.StatusCode == StatusCodes.Status401Unauthorized:
                return true;
            case "throttled" when repository.Count(kind + rest) == 1:
                response.Headers.RetryAfter = "1";
                await RegistryServer.FailAsync(context, StatusCodes.Status429TooManyRequests, "TOOMANYREQUESTS", "you have reached your pull rate limit");
                return true;
            case "flaky" when repository.Count(kind + rest) == 1:
                await RegistryServer.FailAsync(context, StatusCodes.Status503ServiceUnavailable, "UNAVAILABLE", "come back later");
                return true;
            case "always-throttled":
                await RegistryServer.FailAsync(context, StatusCodes.Status429TooManyRequests, "TOOMANYREQUESTS", "you have reached your pull rate limit");
                return true;
            case "broken":
                await RegistryServer.FailAsync(context, StatusCodes.Status500InternalServerError, "UNKNOWN", "something broke");
                return true;
            case "no-layer" or "no-layer-of-many" when isFirstLayer:
                await RegistryServer.FailAsync(context, StatusCodes.Status404NotFound, "BLOB_UNKNOWN", "blob unknown to registry");
                return true;
            case "broken-layer" when isFirstLayer:
                await RegistryServer.FailAsync(context, StatusCodes.Status500InternalServerError, "UNKNOWN", "unknown error");
                return true;
            case "denied-layer" when isFirstLayer:
            case "bad-and-denied" when !isDaemon:
            case "denied":
                await RegistryServer.FailAsync(context, StatusCodes.Status403Forbidden, "DENIED", "requested access to the resource is denied");
                return true;
            case "https-only":
                response.StatusCode = StatusCodes.Status400BadRequest;
                await response.WriteAsync("Client sent an HTTP request to an HTTPS server.\n", context.RequestAborted);
                return true;
            case "no-head" when isManifest && context.Request.Method == "HEAD":
                response.StatusCode = StatusCodes.Status405MethodNotAllowed;
                return true;
            case "no-digest" when isManifest && context.Request.Method is "HEAD" or "GET":
                byte[] manifest = repository.Blobs[repository.Image.Digest];
                response.ContentType = "application/json";
                await (context.Request.Method == "HEAD" ? Task.CompletedTask : response.Body.WriteAsync(manifest, context.RequestAborted).AsTask());
                return true;
            case "lying-manifest" when isManifest && context.Request.Method == "GET":
            case "bad-for-daemon" or "bad-and-denied" when isDaemon && isManifest && context.Request.Method == "GET":
                response.ContentType = repository.Image.MediaType;
                await response.WriteAsync("""{"schemaVersion":2,"config":{},"layers":[]}""", context.RequestAborted);
                return true;
            case "chunk-breaks" when kind == "/blobs/uploads/" && context.Request.Method is "PATCH" or "PUT" && repository.Count("upload") == 2:
                context.Abort();
                return true;
            case "no-mount" when kind == "/blobs/uploads/" && context.Request.Query.ContainsKey("mount"):
                return !await MayPassAsync(repository, context, "mount");
            case "push-refuses" when isManifest && context.Request.Method == "PUT":
                await RegistryServer.FailAsync(context, StatusCodes.Status400BadRequest, "MANIFEST_INVALID", "manifest invalid");
                return true;
            case "push-elsewhere" when kind == "/blobs/uploads/" && !repository.Name.StartsWith("elsewhere/", StringComparison.Ordinal) && !await MayPassAsync(repository, context):
                return true;
            case "basic" or "login" or "token" or "expired-token" or "dead-token" or "basic-push":
                return !await MayPassAsync(repository, context);
            default:
                return kind == "/blobs/uploads/" && await Pushes.MisbehaveAsync(registry, repository, rest, context);
        }
    }

    /// <summary>Gives a token: to anybody, or to somebody only.</summary>
    public static Task TokenAsync(FakeRepository repository, HttpContext context)
    {
        if (repository.Scenario is "login" && context.Request.Headers.Authorization != Basic)
        {
            return RegistryServer.FailAsync(context, StatusCodes.Status401Unauthorized, "UNAUTHORIZED", "authentication required");
        }

        string token = $"token-{repository.Count("token")}";
        return context.Response.WriteAsync($$"""{"token":"{{token}}","expires_in":{{(repository.Scenario == "expired-token" ? 3600 : 300)}}}""", context.RequestAborted);
    }

    private static string Basic => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{UserName}:{Password}"));

    private static async Task<bool> MayPassAsync(FakeRepository repository, HttpContext context, string? what = null)
    {
        string shown = context.Request.Headers.Authorization.ToString();
        bool wantsUser = repository.Scenario is "basic" or "basic-push" or "redirect-login" or "push-elsewhere";
        bool passes = what is null && repository.Scenario switch
        {
            "redirect" => true,
            _ when wantsUser => shown == Basic,

            // Each token is good for three requests, whatever was said of its life.
            "expired-token" => shown.StartsWith("Bearer token-", StringComparison.Ordinal) && repository.Count(shown) <= 3,
            "dead-token" => false,
            _ => shown.StartsWith("Bearer token-", StringComparison.Ordinal),
        };
        if (!passes)
        {
            context.Response.Headers.WWWAuthenticate = wantsUser
                ? "Basic realm=\"here\""
                : $"Bearer realm=\"{context.Request.Scheme}://{context.Request.Host}/token/{repository.Name}\",service=\"fake\",scope=\"repository:{repository.Name}:pull\"{(shown.Length > 0 ? ",error=\"invalid_token\"" : string.Empty)}";
            await RegistryServer.FailAsync(context, StatusCodes.Status401Unauthorized, "UNAUTHORIZED", "authentication required");
        }

        return passes;
    }

    /// <summary>Promises a whole blob and gives a part of it; then it breaks off, or nothing more comes.</summary>
    private static async Task PartAsync(FakeRepository repository, HttpContext context, bool hang, bool knowsRanges, int onlyTo = Blob)
    {
        byte[] content = repository.Blobs[repository.FirstLayer];
        int start = knowsRanges ? RegistryServer.StartRange(context, content.Length) : 0;
        int end = onlyTo == Blob ? (start + content.Length) / 2 : Math.Max(start, onlyTo);
        context.Response.ContentLength = content.Length - start;
        await context.Response.Body.WriteAsync(content.AsMemory(start, end - start), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await Task.Delay(hang ? Timeout.Infinite : 50, context.RequestAborted);
        context.Abort();
    }

    private static async Task SlowAsync(byte[] content, HttpContext context)
    {
        const int Piece = 64 * 1024;
        int start = RegistryServer.StartRange(context, content.Length);
        context.Response.ContentLength = content.Length - start;
        for (; start < content.Length; start += Piece)
        {
            await context.Response.Body.WriteAsync(content.AsMemory(start, Math.Min(Piece, content.Length - start)), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(50, context.RequestAborted);
        }
    }

    /// <summary>A document or blob of which the last byte is another.</summary>
    private static async Task AlteredAsync(FakeRepository repository, string digest, HttpContext context)
    {
        byte[] altered = (byte[])repository.Blobs[digest].Clone();
        altered[^1] ^= 1;
        int start = RegistryServer.StartRange(context, altered.Length);
        context.Response.ContentType = digest == repository.Image.Digest ? repository.Image.MediaType : "application/octet-stream";
        context.Response.ContentLength = altered.Length - start;
        await context.Response.Body.WriteAsync(altered.AsMemory(start), context.RequestAborted);
    }

    private static async Task HugeAsync(HttpContext context, string mediaType)
    {
        context.Response.ContentType = mediaType;
        byte[] piece = new byte[1024 * 1024];
        Array.Fill(piece, (byte)' ');
        if (context.Request.Method == "HEAD")
        {
            return;
        }

        for (int sent = 0; sent < HugeManifest; sent += piece.Length)
        {
            await context.Response.Body.WriteAsync(piece, context.RequestAborted);
        }
    }
}
