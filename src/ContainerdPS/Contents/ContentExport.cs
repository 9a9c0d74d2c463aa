using ContainerdPS.Images.Archives.Streams;
using ContainerdPS.Services;

namespace ContainerdPS.Contents;

/// <summary>Writes blobs to files, whole and verified or not at all.</summary>
internal static class ContentExport
{
    /// <summary>Writes one blob.</summary>
    /// <param name="client">Where from.</param>
    /// <param name="digest">Which.</param>
    /// <param name="path">The file; its folder has to be there.</param>
    /// <param name="overwrite">Whether a file that is there is replaced.</param>
    /// <param name="progress">Told how many bytes were written, and of how many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<FileInfo> RunAsync(NamespaceClient client, string digest, string path, bool overwrite, Action<long, long?>? progress, CancellationToken cancellationToken)
    {
        Wire.ContentV1.Info blob = await client.Content.GetAsync(digest, cancellationToken).ConfigureAwait(false);
        if (!overwrite && File.Exists(path))
        {
            throw new ContainerdException(ContainerdErrorCode.AlreadyExists, $"The file '{path}' is there already. -Force replaces it.") { Reason = "FileExists" };
        }

        string temporary = $"{path}.{Path.GetRandomFileName()}.part";
        FileStream file = Create(temporary);
        try
        {
            await using (file.ConfigureAwait(false))
            {
                await WriteAsync(client, digest, blob.Size, file, progress, cancellationToken).ConfigureAwait(false);
            }

            File.Move(temporary, path, overwrite);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        return new FileInfo(path);
    }

    private static async Task WriteAsync(NamespaceClient client, string digest, long size, FileStream file, Action<long, long?>? progress, CancellationToken cancellationToken)
    {
        using System.Security.Cryptography.IncrementalHash hash = Oci.Image.Digest.Parse(digest).CreateHash();
        long written = 0;
        await foreach (ReadOnlyMemory<byte> chunk in client.Content.ReadAsync(digest, cancellationToken).ConfigureAwait(false))
        {
            hash.AppendData(chunk.Span);
            await file.WriteAsync(chunk, cancellationToken).ConfigureAwait(false);
            written += chunk.Length;
            progress?.Invoke(written, size);
        }

        string actual = Oci.Image.Digest.FromHash(hash, digest[..digest.IndexOf(':', StringComparison.Ordinal)]).ToString();
        if (actual != digest)
        {
            throw new ContainerdException(
                ContainerdErrorCode.DataLoss,
                $"The blob {digest} is damaged in the daemon's content store: what it holds has the digest {actual}. Nothing was written. Remove it with Remove-ContainerdContent -Force and fetch it again.")
            {
                Reason = "WrongDigest",
                ObjectKind = ObjectKinds.Blob,
                ObjectId = digest,
            };
        }
    }

    private static FileStream Create(string path)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous });
        }
        catch (DirectoryNotFoundException e)
        {
            throw new ContainerdException(ContainerdErrorCode.NotFound, $"There is no folder '{Path.GetDirectoryName(path)}' to write into. Make it first.", e) { Reason = "FolderNotFound" };
        }
    }
}
