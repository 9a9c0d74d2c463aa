using System.Globalization;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using ContainerdPS.Oci;

namespace ContainerdPS.Registry;

/// <summary>
/// Uploads one blob: in one piece, or in several where the registry takes no larger ones. What breaks is taken up where
/// the registry says that it was left, or begun anew; what is given up is called off there.
/// </summary>
/// <param name="push">Where it goes.</param>
/// <param name="blob">The blob.</param>
/// <param name="open">Opens it at an offset.</param>
/// <param name="report">Told how many bytes have gone.</param>
internal sealed class BlobUpload(RegistryPush push, OciDescriptor blob, Func<long, Stream> open, Action<long> report)
{
    private const long FirstChunk = 32 * 1024 * 1024;
    private const long SmallestChunk = 1024 * 1024;

    /// <summary>A body larger than this is not sent before the registry has said that it wants it.</summary>
    private const long AskedFrom = 1024 * 1024;

    private static readonly TimeSpan CallOffLimit = TimeSpan.FromSeconds(5);

    private readonly RetryDelays delays = new(push.Settings.Retries);
    private Uri? location;
    private long offset;
    private long farthest;
    private long? chunk;
    private long minimum;
    private bool resumed;
    private bool mayResume = true;
    private bool asks = true;

    /// <summary>Uploads it, unless it is there.</summary>
    /// <param name="from">Another repository of the registry that has it; null when none is known.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<UploadOutcome> RunAsync(string? from, CancellationToken cancellationToken)
    {
        if (await push.HasBlobAsync(blob, cancellationToken).ConfigureAwait(false))
        {
            return UploadOutcome.Present;
        }

        if (from is not null && await MountAsync(from, cancellationToken).ConfigureAwait(false))
        {
            return UploadOutcome.Mounted;
        }

        try
        {
            while (true)
            {
                if (location is null && await BeginAsync(cancellationToken).ConfigureAwait(false))
                {
                    return UploadOutcome.Present;
                }

                if (await SendAsync(cancellationToken).ConfigureAwait(false) is not { } setback)
                {
                    location = null;
                    report(blob.Size);
                    return UploadOutcome.Sent;
                }

                await WaitAsync(setback, cancellationToken).ConfigureAwait(false);
                await LocateAsync(cancellationToken).ConfigureAwait(false);
                if (location is null && await push.HasBlobAsync(blob, cancellationToken).ConfigureAwait(false))
                {
                    // Only its last word was lost.
                    return UploadOutcome.Sent;
                }
            }
        }
        finally
        {
            await CallOffAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Has the registry take it from another repository. What comes of a refusal is an upload like any other.</summary>
    private async Task<bool> MountAsync(string from, CancellationToken cancellationToken)
    {
        string rest = $"blobs/uploads/?mount={Uri.EscapeDataString(blob.Digest)}&from={Uri.EscapeDataString(from)}";
        HttpResponseMessage response;
        try
        {
            response = await push.BeginAsync(rest, CallOffLimit, from, cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (e.Code is ContainerdErrorCode.Unauthenticated or ContainerdErrorCode.PermissionDenied)
        {
            // Whoever may write here need not be allowed to read there.
            push.Settings.Log?.Invoke($"{blob.Digest} cannot be taken from '{from}': {e.Message}");
            return false;
        }

        using (response)
        {
            if (response.StatusCode == HttpStatusCode.Created)
            {
                push.CheckKept(response, blob);
                return true;
            }

            if (response.StatusCode == HttpStatusCode.Accepted)
            {
                Accept(response);
            }

            return false;
        }
    }

    /// <summary>Begins an upload.</summary>
    /// <returns>Whether there is nothing more to do.</returns>
    private async Task<bool> BeginAsync(CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await push.BeginAsync("blobs/uploads/", CallOffLimit, null, cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            throw await push.Repository.FailedAsync(response, cancellationToken).ConfigureAwait(false);
        }

        using (response)
        {
            if (response.StatusCode == HttpStatusCode.Created)
            {
                return true;
            }

            Accept(response);
            return location is null ? throw RegistryErrors.Unexpected(push.Host.Authority, "it begins an upload and does not say where it goes") : false;
        }
    }

    private void Accept(HttpResponseMessage response)
    {
        Locate(response);
        (offset, resumed) = (0, false);
        if (response.Headers.TryGetValues("OCI-Chunk-Min-Length", out IEnumerable<string>? values) && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out long least))
        {
            minimum = least;
        }
    }

    /// <summary>Sends what is not there yet.</summary>
    /// <returns>What came in between; null when all is there.</returns>
    private async Task<Setback?> SendAsync(CancellationToken cancellationToken)
    {
        while (offset < blob.Size && (chunk is not null || offset > 0))
        {
            long end = chunk is { } size ? Math.Min(blob.Size, offset + Math.Max(size, minimum)) : blob.Size;
            (HttpResponseMessage? response, Setback? setback) = await BodyAsync(HttpMethod.Patch, location!, offset, end, cancellationToken).ConfigureAwait(false);
            if (response is null)
            {
                return setback;
            }

            using (response)
            {
                Locate(response);
                offset = Received(response) is { } received && received > offset && received <= end ? received : end;
            }
        }

        // The whole of it where nothing has gone yet, else the end alone.
        (HttpResponseMessage? last, Setback? failed) = await BodyAsync(HttpMethod.Put, WithDigest(location!), offset, blob.Size, cancellationToken).ConfigureAwait(false);
        if (last is null)
        {
            return failed;
        }

        using (last)
        {
            push.CheckKept(last, blob);
            return null;
        }
    }

    private async Task<(HttpResponseMessage? Response, Setback? Setback)> BodyAsync(HttpMethod method, Uri address, long start, long end, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await push.SendAsync(guard => Body(method, address, start, end, guard), repeats: false, cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (e.Reason is "RegistryUnreachable" or "RegistryStalled" or "TransferInterrupted")
        {
            return (null, new Setback(e));
        }

        if (response.IsSuccessStatusCode)
        {
            return (response, null);
        }

        HttpStatusCode status = response.StatusCode;
        TimeSpan? asked = RetryDelays.AskedBy(response);
        ContainerdException failure = await push.Repository.FailedAsync(response, cancellationToken).ConfigureAwait(false);
        if (RegistryHttp.MayPass(status))
        {
            return (null, new Setback(failure) { Asked = asked });
        }

        switch (status)
        {
            case HttpStatusCode.ExpectationFailed when asks:
                asks = false;
                return (null, new Setback(failure) { Waits = false });
            case HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented or HttpStatusCode.LengthRequired when Smaller(end - start) is { } smaller:
                chunk = smaller;
                return (null, new Setback(failure) { Waits = false });
            case HttpStatusCode.NotFound or HttpStatusCode.RequestedRangeNotSatisfiable:
            case HttpStatusCode.BadRequest when resumed:
                // It knows nothing of this upload any more, or has kept something else of it than it said.
                mayResume = false;
                return (null, new Setback(failure));
            default:
                throw failure;
        }
    }

    private HttpRequestMessage Body(HttpMethod method, Uri address, long start, long end, StallGuard guard)
    {
        var request = new HttpRequestMessage(method, address)
        {
            Content = new UploadContent(() => open(start), end - start, guard, gone => report(start + gone)) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } },
        };
        if (method == HttpMethod.Patch)
        {
            // As registries write it, which is not HTTP's own form.
            request.Content.Headers.TryAddWithoutValidation("Content-Range", string.Create(CultureInfo.InvariantCulture, $"{start}-{end - 1}"));
        }

        request.Headers.ExpectContinue = asks && end - start > AskedFrom ? true : null;
        return request;
    }

    /// <summary>The size of the pieces to try after one that was refused; null when there is none.</summary>
    private long? Smaller(long refused)
    {
        long smallest = Math.Max(SmallestChunk, minimum);
        return chunk is null ? FirstChunk : refused > smallest ? Math.Max(smallest, refused / 4) : null;
    }

    private async Task WaitAsync(Setback setback, CancellationToken cancellationToken)
    {
        if (!setback.Waits)
        {
            return;
        }

        if (offset > farthest)
        {
            farthest = offset;
            delays.Reset();
        }

        if (!delays.TryNext(setback.Asked, out TimeSpan delay))
        {
            throw setback.Failure;
        }

        push.Settings.Log?.Invoke($"{setback.Failure.Message} {blob.Digest} is taken up again in {delay.TotalSeconds:0.0} s.");
        await push.Settings.Delay(delay, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Finds out how much the registry has. Where it does not say, the upload is begun anew.</summary>
    private async Task LocateAsync(CancellationToken cancellationToken)
    {
        if (mayResume)
        {
            Uri address = location!;
            using HttpResponseMessage response = await push.SendAsync(_ => new HttpRequestMessage(HttpMethod.Get, address), repeats: true, cancellationToken).ConfigureAwait(false);
            if (response.IsSuccessStatusCode && Received(response) is { } received && received <= blob.Size)
            {
                Locate(response);
                (offset, resumed) = (received, received > 0);
                if (offset > farthest)
                {
                    farthest = offset;
                    delays.Reset();
                }

                report(offset);
                return;
            }
        }

        await CallOffAsync().ConfigureAwait(false);
        (location, offset, resumed, mayResume) = (null, 0, false, true);
        report(0);
    }

    /// <summary>Where the upload goes on; nothing of who we are goes there when it is another server.</summary>
    private void Locate(HttpResponseMessage response)
    {
        if (response.Headers.Location is not { } next)
        {
            return;
        }

        Uri target = next.IsAbsoluteUri && next.Scheme != Uri.UriSchemeFile ? next : new Uri(response.RequestMessage!.RequestUri!, next.OriginalString);
        if (target.Scheme is not ("http" or "https"))
        {
            throw RegistryErrors.Unexpected(push.Host.Authority, "it sends an upload to an address that is none of HTTP");
        }

        location = target;
        if (RegistryHost.OriginOf(target) != push.Host.Origin)
        {
            push.Settings.Log?.Invoke($"'{push.Host}' sends the upload of {blob.Digest} on to '{RegistryHost.OriginOf(target)}', which is not told who we are.");
        }
    }

    private Uri WithDigest(Uri address)
    {
        string query = address.Query.TrimStart('?');
        return new UriBuilder(address) { Query = $"{query}{(query.Length > 0 ? "&" : string.Empty)}digest={Uri.EscapeDataString(blob.Digest)}" }.Uri;
    }

    /// <summary>How many bytes are there, of the first byte and the last one; null when it is not said.</summary>
    private static long? Received(HttpResponseMessage response)
    {
        if (!response.Headers.NonValidated.TryGetValues("Range", out HeaderStringValues values) && !response.Content.Headers.NonValidated.TryGetValues("Range", out values))
        {
            return null;
        }

        string range = values.First();
        range = range.StartsWith("bytes=", StringComparison.Ordinal) ? range["bytes=".Length..] : range;
        return range.StartsWith("0-", StringComparison.Ordinal) && long.TryParse(range.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out long last)
            // With nothing there, registries say the same as with one byte.
            ? last == 0 ? 0 : last + 1
            : null;
    }

    /// <summary>Has the registry forget an upload that is not ended. It does not throw: there is another error to tell.</summary>
    private async Task CallOffAsync()
    {
        if (location is null || RegistryHost.OriginOf(location) != push.Host.Origin)
        {
            return;
        }

        Uri address = location;
        using var limit = new CancellationTokenSource(CallOffLimit);
        try
        {
            using HttpResponseMessage response = await push.SendAsync(_ => new HttpRequestMessage(HttpMethod.Delete, address), repeats: false, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ContainerdException or OperationCanceledException)
        {
            // It forgets it by itself, some day.
        }
    }

    /// <summary>What came in between, and may pass.</summary>
    private sealed record Setback(ContainerdException Failure)
    {
        /// <summary>How long the registry wants to be left alone.</summary>
        public TimeSpan? Asked { get; init; }

        /// <summary>Whether it is to be waited for, and counted.</summary>
        public bool Waits { get; init; } = true;
    }
}
