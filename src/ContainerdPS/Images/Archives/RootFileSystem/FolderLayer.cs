using ContainerdPS.Images.Archives.Tar;
using ContainerdPS.Native;

namespace ContainerdPS.Images.Archives.RootFileSystem;

/// <summary>Writes a folder as the tar of a layer: the same folder always gives the same bytes.</summary>
internal sealed class FolderLayer(string folder, RootFileSystemOptions options)
{
    private const string DeletionMark = ".wh.";

    private readonly Dictionary<FileIdentity, string> _names = [];

    /// <summary>Writes every file below the folder, parents before children and names in byte order.</summary>
    /// <remarks>
    /// The folder itself gets no entry: its mode is whatever whoever made it happened to have (0700 of a temporary folder
    /// would lock every user but root out of the container), so the daemon's default stands.
    /// </remarks>
    public async Task WriteAsync(Stream target, CancellationToken cancellationToken)
    {
        TarStreamWriter writer = new(target);
        Stack<(string Path, string Name)> pending = new();
        Push(pending, folder, string.Empty);
        while (pending.TryPop(out (string Path, string Name) next))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Path.GetFileName(next.Path).StartsWith(DeletionMark, StringComparison.Ordinal))
            {
                options.Notice?.Invoke($"{ArchiveError.Quote(next.Name)} was left out: a layer takes a name that begins with '{DeletionMark}' for the mark of a deleted file.");
                continue;
            }

            FolderEntry entry = FolderEntry.Read(next.Path, next.Name, folder);
            if (entry.IsSocket || entry.Header.Kind == TarEntryKind.Other)
            {
                options.Notice?.Invoke($"{ArchiveError.Quote(next.Name)} was left out: it is a socket, and an archive cannot hold one.");
                continue;
            }

            await WriteEntryAsync(writer, entry, cancellationToken).ConfigureAwait(false);
            if (entry.Header.Kind == TarEntryKind.Directory)
            {
                Push(pending, next.Path, next.Name);
            }
        }

        await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task WriteEntryAsync(TarStreamWriter writer, FolderEntry entry, CancellationToken cancellationToken)
    {
        TarEntry header = options.ModifiedTime is { } time
            ? entry.Header with { ModifiedSeconds = time.ToUnixTimeSeconds() }
            : entry.Header;
        if (entry.Identity is { } identity && !_names.TryAdd(identity, header.Name))
        {
            await writer.WriteAsync(header with { Kind = TarEntryKind.HardLink, LinkTarget = _names[identity], Size = 0, ExtendedAttributes = [] }, content: null, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (header.Kind != TarEntryKind.File || header.Size == 0)
        {
            await writer.WriteAsync(header, content: null, cancellationToken).ConfigureAwait(false);
            return;
        }

        FileStream content = Open(entry);
        await using (content.ConfigureAwait(false))
        {
            try
            {
                await writer.WriteAsync(header, content, cancellationToken).ConfigureAwait(false);
            }
            catch (EndOfStreamException exception)
            {
                throw new ContainerdException(ContainerdErrorCode.Aborted, $"Cannot import '{folder}': the file {ArchiveError.Quote(header.Name)} became shorter while it was read.", exception);
            }
        }
    }

    private FileStream Open(FolderEntry entry)
    {
        try
        {
            return entry.Open(folder);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw new ContainerdException(
                exception is UnauthorizedAccessException ? ContainerdErrorCode.PermissionDenied : ContainerdErrorCode.DataLoss,
                $"Cannot import '{folder}': the file {ArchiveError.Quote(entry.Header.Name)} cannot be read ({exception.Message.TrimEnd('.')}).",
                exception);
        }
    }

    // The stack turns the order around once more.
    private void Push(Stack<(string Path, string Name)> pending, string path, string name)
    {
        string[] children;
        try
        {
            children = Directory.GetFileSystemEntries(path);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw new ContainerdException(
                exception is UnauthorizedAccessException ? ContainerdErrorCode.PermissionDenied : ContainerdErrorCode.DataLoss,
                $"Cannot import '{folder}': the folder {ArchiveError.Quote(name)} cannot be listed ({exception.Message.TrimEnd('.')}).",
                exception);
        }

        Array.Sort(children, string.CompareOrdinal);
        for (int i = children.Length - 1; i >= 0; i--)
        {
            string child = Path.GetFileName(children[i]);
            pending.Push((children[i], name.Length == 0 ? child : $"{name}/{child}"));
        }
    }
}
