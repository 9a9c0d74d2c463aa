namespace ContainerdPS.Images.Archives.Streams;

/// <summary>Opens what a user gave as a file, which may be a fifo or a device: stopping waits neither for its opening nor for its reading.</summary>
internal static class PatientFile
{
    /// <summary>Opens it for reading, from its beginning to its end.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bufferSize">Of what is read ahead, in bytes; 0 for nothing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Stream> OpenAsync(string path, int bufferSize, CancellationToken cancellationToken)
    {
        // A fifo opens when somebody opens it for writing. Until then nothing can call it off; it is closed when it comes.
        var options = new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan, BufferSize = bufferSize, Share = FileShare.Read | FileShare.Delete };
        Task<FileStream> opening = Task.Run(() => new FileStream(path, options), CancellationToken.None);
        try
        {
            FileStream file = await opening.WaitAsync(cancellationToken).ConfigureAwait(false);
            return file.CanSeek ? file : new PatientStream(file);
        }
        catch (OperationCanceledException)
        {
            _ = opening.ContinueWith(static late => late.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
        }
    }
}
