using System.Security.Cryptography;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;
using ContainerdPS.Wire.ContentV1;

namespace ContainerdPS.Images;

/// <summary>Looks whether blobs are here and right, each once.</summary>
internal sealed class BlobCheck(NamespaceClient client, bool full)
{
    private readonly Dictionary<string, bool> seen = new(StringComparer.Ordinal);
    private readonly List<OciDescriptor> missing = [];
    private readonly List<OciDescriptor> damaged = [];
    private readonly List<string> troubles = [];

    public IReadOnlyList<OciDescriptor> Missing => missing;

    public IReadOnlyList<OciDescriptor> Damaged => damaged;

    /// <summary>What is wrong with which blob, in sentences.</summary>
    public IReadOnlyList<string> Troubles => troubles;

    /// <summary>The bytes of the blobs that are here.</summary>
    public long Size { get; private set; }

    /// <summary>Looks at a blob.</summary>
    /// <returns>Whether it is here and right.</returns>
    public async Task<bool> CheckAsync(OciDescriptor blob, CancellationToken cancellationToken)
    {
        if (seen.TryGetValue(blob.Digest, out bool right))
        {
            return right;
        }

        Info? found = await client.Content.FindAsync(blob.Digest, cancellationToken).ConfigureAwait(false);
        if (found is null)
        {
            missing.Add(blob);
            troubles.Add($"The blob {blob.Digest} ({blob.MediaType}) is missing.");
            return seen[blob.Digest] = false;
        }

        Size += found.Size;
        seen[blob.Digest] = true;
        if (found.Size != blob.Size)
        {
            Damage(blob, $"it has {found.Size} bytes, and {blob.Size} were to be expected");
        }
        else if (full)
        {
            await VerifyAsync(blob, cancellationToken).ConfigureAwait(false);
        }

        return seen[blob.Digest];
    }

    /// <summary>Notes what is wrong with a blob that is here.</summary>
    public void Damage(OciDescriptor blob, string what)
    {
        seen[blob.Digest] = false;
        if (!damaged.Contains(blob))
        {
            damaged.Add(blob);
        }

        troubles.Add($"The blob {blob.Digest} ({blob.MediaType}) is damaged: {what}.");
    }

    private async Task VerifyAsync(OciDescriptor blob, CancellationToken cancellationToken)
    {
        if (!Digest.TryParse(blob.Digest, out Digest digest))
        {
            Damage(blob, "it has no digest that could be verified");
            return;
        }

        using IncrementalHash hash = digest.CreateHash();
        long size = 0;
        try
        {
            await foreach (ReadOnlyMemory<byte> chunk in client.Content.ReadAsync(blob.Digest, cancellationToken).ConfigureAwait(false))
            {
                hash.AppendData(chunk.Span);
                size += chunk.Length;
            }
        }
        catch (ContainerdException e) when (e.DaemonMessage is { } words && !e.IsOutcomeUnknown)
        {
            Damage(blob, $"it cannot be read, {words.TrimEnd('.', ' ', '\n')}");
            return;
        }

        Digest actual = Digest.FromHash(hash, digest.Algorithm);
        if (actual != digest)
        {
            Damage(blob, $"its {size} bytes have the digest {actual}");
        }
    }
}
