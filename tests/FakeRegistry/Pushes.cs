using Microsoft.AspNetCore.Http;

namespace FakeRegistry;

/// <summary>What a registry does with what is pushed.</summary>
internal static class Pushes
{
    private const int MostAtOnce = 2 * 1024 * 1024;

    /// <summary>What is smaller is no layer.</summary>
    private const int ConfigurationSize = 10_000;

    public static async Task ManifestAsync(FakeRepository repository, string name, HttpContext context)
    {
        byte[] content = await ReadAsync(context);
        string digest = FakeImage.DigestOf(content);
        string mediaType = context.Request.ContentType!;
        repository.Manifests[name] = (mediaType, content);
        repository.Manifests[digest] = (mediaType, content);
        context.Response.Headers["Docker-Content-Digest"] = repository.Scenario == "push-alters" ? FakeImage.DigestOf([1]) : digest;
        context.Response.StatusCode = StatusCodes.Status201Created;
    }

    public static async Task UploadAsync(RegistryServer registry, FakeRepository repository, string id, HttpContext context)
    {
        string digest = context.Request.Query["digest"].ToString();
        switch (context.Request.Method)
        {
            case "POST":
                string mount = context.Request.Query["mount"].ToString();
                if (mount.Length > 0 && registry.Repository(context.Request.Query["from"].ToString()).Blobs.TryGetValue(mount, out byte[]? there))
                {
                    repository.Blobs[mount] = there;
                    context.Response.StatusCode = StatusCodes.Status201Created;
                    return;
                }

                id = Guid.NewGuid().ToString("N");
                repository.Uploads[id] = new MemoryStream();
                Accept(repository, id, context);
                return;
            case "GET" when repository.Uploads.ContainsKey(id):
                Accept(repository, id, context);
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return;
            case "PATCH" when repository.Uploads.TryGetValue(id, out MemoryStream? upload):
                string range = context.Request.Headers.ContentRange.ToString();
                if (range.Length > 0 && range[..range.IndexOf('-', StringComparison.Ordinal)] != $"{upload.Length}")
                {
                    context.Response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
                    return;
                }

                upload.Write(await ReadAsync(context));
                Accept(repository, id, context);
                return;
            case "PUT" when repository.Uploads.TryGetValue(id, out MemoryStream? upload):
                upload.Write(await ReadAsync(context));
                byte[] content = upload.ToArray();
                if (FakeImage.DigestOf(content) != digest)
                {
                    await RegistryServer.FailAsync(context, StatusCodes.Status400BadRequest, "DIGEST_INVALID", "provided digest did not match uploaded content");
                    return;
                }

                repository.Blobs[digest] = content;
                repository.Uploads.TryRemove(id, out _);
                context.Response.Headers["Docker-Content-Digest"] = repository.Scenario == "push-wrong-digest" ? FakeImage.DigestOf([1]) : digest;
                context.Response.StatusCode = StatusCodes.Status201Created;
                return;
            case "DELETE" when repository.Uploads.TryRemove(id, out _):
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return;
            default:
                await RegistryServer.FailAsync(context, StatusCodes.Status404NotFound, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry");
                return;
        }
    }

    /// <summary>Misbehaves at an upload.</summary>
    /// <returns>Whether the request is answered with that.</returns>
    public static async Task<bool> MisbehaveAsync(RegistryServer registry, FakeRepository repository, string id, HttpContext context)
    {
        HttpResponse response = context.Response;
        bool isBegin = context.Request.Method == "POST";
        bool isBody = context.Request.Method is "PUT" or "PATCH" && context.Request.ContentLength > ConfigurationSize;
        switch (repository.Scenario)
        {
            case "push-stall-once" when isBody && repository.Count("stall") == 1:
            case "push-stall" when isBody:
                await TakeAsync(repository, id, context);
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
                return true;
            case "push-breaks" when isBody && repository.Count("break") == 1:
            case "push-always-breaks" when isBody:
                await TakeAsync(repository, id, context);
                context.Abort();
                return true;
            case "push-forgets" when isBody && repository.Count("forget") == 1:
                repository.Uploads.TryRemove(id, out _);
                await RegistryServer.FailAsync(context, StatusCodes.Status404NotFound, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry");
                return true;
            case "push-small" when isBody && context.Request.ContentLength > MostAtOnce:
                await RegistryServer.FailAsync(context, StatusCodes.Status413PayloadTooLarge, "SIZE_INVALID", "too large");
                return true;
            case "push-full" when isBody:
                await RegistryServer.FailAsync(context, StatusCodes.Status507InsufficientStorage, "UNKNOWN", "no space left on device");
                return true;
            case "push-slow" when isBody:
                byte[] piece = new byte[32 * 1024];
                while (await context.Request.Body.ReadAsync(piece, context.RequestAborted) > 0)
                {
                    await Task.Delay(50, context.RequestAborted);
                }

                return false;
            case "push-late" when isBody:
                // Long enough to be seen under way.
                await Task.Delay(2000, context.RequestAborted);
                return false;
            case "push-begins-late" when isBegin:
                // The upload is there before anybody is told of it.
                await UploadAsync(registry, repository, id, context);
                await Task.Delay(500);
                return true;
            case "push-loop" when isBegin:
                response.StatusCode = StatusCodes.Status307TemporaryRedirect;
                response.Headers.Location = context.Request.Path.Value + "?again=" + repository.Count("loop");
                return true;
            case "push-redirect" when isBegin && registry.Elsewhere is { } elsewhere:
                response.StatusCode = StatusCodes.Status307TemporaryRedirect;
                response.Headers.Location = $"{elsewhere.Scheme}://{elsewhere.Authority}{context.Request.Path}";
                return true;
            case "push-elsewhere" when isBegin && registry.Elsewhere is { } elsewhere && context.Request.Headers.Authorization.Count > 0:
                string there = "elsewhere/" + repository.Name;
                string upload = Guid.NewGuid().ToString("N");
                elsewhere.Repository(there).Uploads[upload] = new MemoryStream();
                response.StatusCode = StatusCodes.Status202Accepted;
                response.Headers.Location = $"{elsewhere.Scheme}://{elsewhere.Authority}/v2/{there}/blobs/uploads/{upload}?signature=secret-signature";
                return true;
            case "push-nowhere" when isBegin:
                response.StatusCode = StatusCodes.Status202Accepted;
                return true;
            default:
                return false;
        }
    }

    /// <summary>Takes half of what comes at first, and then nothing.</summary>
    private static async Task TakeAsync(FakeRepository repository, string id, HttpContext context)
    {
        if (repository.Uploads[id].Length > 0)
        {
            return;
        }

        byte[] half = new byte[context.Request.ContentLength!.Value / 2];
        await context.Request.Body.ReadExactlyAsync(half, context.RequestAborted);
        repository.Uploads[id].Write(half);
    }

    private static void Accept(FakeRepository repository, string id, HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        context.Response.Headers.Location = $"/v2/{repository.Name}/blobs/uploads/{id}?state=1";
        context.Response.Headers.Range = $"0-{Math.Max(0, repository.Uploads[id].Length - 1)}";
    }

    private static async Task<byte[]> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return body.ToArray();
    }
}
