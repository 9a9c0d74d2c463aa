namespace ContainerdPS.Images.Archives.Streams;

/// <summary>
/// A blob kept in a temporary file while its digest is being found out. The file is readable by its owner only and gone
/// when this is disposed; on Unix it has no name from the start, so not even a killed process leaves it behind.
/// </summary>
internal sealed class TemporaryBlob : IAsyncDisposable
{
    private readonly FileStream _file;

    private TemporaryBlob(FileStream file) => _file = file;

    /// <summary>The file, to write to and to read again.</summary>
    public Stream Content => _file;

    /// <summary>Creates an empty one.</summary>
    /// <param name="folder">Where; the system's folder for temporary files when null.</param>
    public static TemporaryBlob Create(string? folder)
    {
        string path = Path.Combine(folder ?? Path.GetTempPath(), "containerdps-" + Guid.NewGuid().ToString("N"));
        FileStreamOptions options = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            options.Options = FileOptions.Asynchronous;
            options.Share = FileShare.Delete;
        }

        FileStream file = new(path, options);
        try
        {
            if (!OperatingSystem.IsWindows())
            {
                File.Delete(path);
            }

            return new TemporaryBlob(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Goes back to the beginning, to read.</summary>
    public Stream Rewind()
    {
        _file.Position = 0;
        return _file;
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
