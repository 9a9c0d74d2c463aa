using ContainerdPS.Services;

namespace ContainerdPS.Contents;

/// <summary>Finds blobs by what users write: whole digests, and parts of them with wildcards.</summary>
internal static class ContentLookup
{
    private const int ShortestBeginning = 6;

    /// <summary>Reads one blob.</summary>
    public static async Task<ContainerdContent> GetAsync(NamespaceClient client, string digest, string? mediaType, CancellationToken cancellationToken) =>
        client.Content.ToModel(
            await client.Content.GetAsync(await ResolveAsync(client, digest, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false), mediaType);

    /// <summary>The whole digest of what may be the beginning of one, as views show it.</summary>
    /// <exception cref="ContainerdException">It is not the beginning of a digest, or of none here, or of several.</exception>
    public static async Task<string> ResolveAsync(NamespaceClient client, string digest, CancellationToken cancellationToken)
    {
        string hex = digest.StartsWith("sha256:", StringComparison.Ordinal) ? digest["sha256:".Length..] : digest;
        if (hex.Length < ShortestBeginning || hex.Length >= 64 || !hex.All(char.IsAsciiHexDigitLower))
        {
            return Identifiers.ValidatedDigest(digest);
        }

        string[] found = (await client.Content.ListAsync([DaemonFilter.Matches("digest", $"^sha256:{hex}")], cancellationToken).CollectAsync(cancellationToken).ConfigureAwait(false))
            .Select(static blob => blob.Digest).ToArray();
        return found switch
        {
            [var only] => only,
            [] => throw new ContainerdException(ContainerdErrorCode.NotFound, "no such blob") { ObjectKind = ObjectKinds.Blob, ObjectId = digest, DaemonMessage = "no such blob" },
            _ => throw new ContainerdException(
                ContainerdErrorCode.InvalidArgument,
                $"'{digest}' is the beginning of {found.Length} digests in the namespace '{client.Namespace}': {string.Join(", ", found.Take(3))}{(found.Length > 3 ? "..." : string.Empty)}. Give more of it.")
            {
                Reason = "AmbiguousDigest",
                ObjectKind = ObjectKinds.Blob,
                ObjectId = digest,
            },
        };
    }

    /// <summary>Whether a pattern is meant for this digest: for all of it, or for what comes after the algorithm.</summary>
    public static bool Matches(Func<string, bool> pattern, string digest) =>
        pattern(digest) || pattern(digest[(digest.IndexOf(':', StringComparison.Ordinal) + 1)..]);
}
