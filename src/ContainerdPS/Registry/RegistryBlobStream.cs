using System.Net.Http;
using ContainerdPS.Images.Archives.Streams;
using ContainerdPS.Oci;

namespace ContainerdPS.Registry;

/// <summary>
/// Reads a blob from an offset to its end, however often the connection breaks on the way: it is taken up where it was
/// left. It gives exactly the bytes the descriptor says, or fails.
/// </summary>
internal sealed class RegistryBlobStream(RegistryRepository repository, OciDescriptor descriptor, long offset) : ForwardStream
{
    private const int SkipSize = 128 * 1024;

    private readonly RetryDelays delays = new(repository.Http.Settings.Retries);
    private HttpResponseMessage? response;
    private Stream? body;
    private long position = offset;

    public override int Read(Span<byte> buffer) => throw new NotSupportedException("A registry is read asynchronously.");

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        while (true)
        {
            if (body is null && position >= descriptor.Size)
            {
                return 0;
            }

            long start = position;
            if (body is null)
            {
                (response, start) = await repository.OpenBlobAsync(descriptor, position, cancellationToken).ConfigureAwait(false);
            }

            using var guard = new StallGuard(repository.Http.Settings.StallTimeout, cancellationToken);
            Exception? broken = null;
            try
            {
                body ??= await response!.Content.ReadAsStreamAsync(guard.Token).ConfigureAwait(false);
                await SkipAsync(body, start, guard).ConfigureAwait(false);
                int read = await body.ReadAsync(buffer, guard.Token).ConfigureAwait(false);
                if (read > 0)
                {
                    position += read;
                    delays.Reset();
                    return position <= descriptor.Size ? read : throw RegistryErrors.WrongSize($"What '{Host}' sends as {descriptor.Digest}", $"more than {descriptor.Size}", descriptor.Size);
                }

                if (position == descriptor.Size)
                {
                    Drop();
                    return 0;
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                broken = e;
            }

            // Ended too early, by an error or without one.
            string host = Host;
            Drop();
            if (!delays.TryNext(null, out TimeSpan delay))
            {
                throw RegistryErrors.Broken(host, broken, guard.HasStalled ? repository.Http.Settings.StallTimeout : null);
            }

            repository.Http.Settings.Log?.Invoke($"'{host}' {(guard.HasStalled ? "stalled" : "broke off")} after {position} of {descriptor.Size} bytes of {descriptor.Digest}. It is taken up there in {delay.TotalSeconds:0.0} s.");
            await repository.Http.Settings.Delay(delay, cancellationToken).ConfigureAwait(false);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Drop();
        }

        base.Dispose(disposing);
    }

    private string Host => response?.RequestMessage?.RequestUri?.Authority ?? repository.Reference.Domain;

    /// <summary>A host that knows no ranges begins anew.</summary>
    private async Task SkipAsync(Stream from, long start, StallGuard guard)
    {
        byte[] skipped = start < position ? new byte[Math.Min(SkipSize, position - start)] : [];
        while (start < position)
        {
            int read = await from.ReadAsync(skipped.AsMemory(0, (int)Math.Min(skipped.Length, position - start)), guard.Token).ConfigureAwait(false);
            start += read > 0 ? read : throw new EndOfStreamException();
            guard.Touch();
        }
    }

    private void Drop()
    {
        body?.Dispose();
        response?.Dispose();
        (body, response) = (null, null);
    }
}
