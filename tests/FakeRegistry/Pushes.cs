using Microsoft.AspNetCore.Http;

namespace FakeRegistry;

/// <summary>What a registry does with what is pushed.</summary>
internal static class Pushes
{
    public static async Task ManifestAsync(FakeRepository repository, string name, HttpContext context)
    {
        byte[] content = await ReadAsync(context);
        string digest = FakeImage.DigestOf(content);
        string mediaType = context.Request.ContentType!;
        repository.Manifests[name] = (mediaType, content);
        repository.Manifests[digest] = (mediaType, content);
        context.Response.Headers["Docker-Content-Digest"] = digest;
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
                repository.Uploads.Remove(id);
                context.Response.StatusCode = StatusCodes.Status201Created;
                return;
            default:
                await RegistryServer.FailAsync(context, StatusCodes.Status404NotFound, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry");
                return;
        }
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
