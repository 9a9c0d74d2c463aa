using ContainerdPS.Images.Archives.Streams;

namespace ContainerdPS.Contents;

/// <summary>What becomes a blob: a file, or bytes at hand.</summary>
/// <param name="Name">What errors call it: a path in quotes, or words.</param>
/// <param name="OpenAsync">Opens it at its beginning; a fifo is opened once.</param>
/// <param name="Require">Fails as opening it would where it is not there, and opens nothing.</param>
internal sealed record ContentSource(string Name, Func<CancellationToken, Task<Stream>> OpenAsync, Action Require)
{
    /// <summary>The name where a sentence begins with it.</summary>
    public string Title => char.ToUpperInvariant(Name[0]) + Name[1..];

    public static ContentSource OfFile(string path) => new(
        $"'{path}'",
        async cancellationToken =>
        {
            try
            {
                return await PatientFile.OpenAsync(path, 0, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                throw Missing(path, e);
            }
            catch (UnauthorizedAccessException e) when (Directory.Exists(path))
            {
                throw Folder(path, e);
            }
        },
        () =>
        {
            if (!File.Exists(path))
            {
                throw Directory.Exists(path) ? Folder(path, null) : Missing(path, null);
            }
        });

    public static ContentSource OfBytes(byte[] bytes) =>
        new($"a value of {bytes.Length} bytes", _ => Task.FromResult<Stream>(new MemoryStream(bytes, writable: false)), static () => { });

    private static ContainerdException Missing(string path, Exception? inner) =>
        new(ContainerdErrorCode.NotFound, $"There is no file '{path}'.", inner) { Reason = "FileNotFound" };

    private static ContainerdException Folder(string path, Exception? inner) =>
        new(ContainerdErrorCode.InvalidArgument, $"'{path}' is a folder, and a blob is made of a file. Import-ContainerImage takes folders.", inner) { Reason = "FileExpected" };
}
