using System.Runtime.CompilerServices;
using System.Text;

namespace ContainerdPS.TaskIO;

/// <summary>The lines of both outputs of a process as one stream.</summary>
internal static class OutputLines
{
    /// <summary>
    /// Gives lines in the order in which their ends arrived, each as soon as it is complete. Leaving early closes
    /// the outputs.
    /// </summary>
    /// <remarks>
    /// The order between the streams is the order of reading: what a process writes to both within one reading of
    /// each is told apart no further, since nothing in two fifos says which came first.
    /// </remarks>
    public static async IAsyncEnumerable<OutputLine> ReadAsync(
        FifoReader? output,
        FifoReader? error,
        Encoding encoding,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Source? first = Source.Claim(output, OutputStream.Output, encoding);
        Source? second = Source.Claim(error, OutputStream.Error, encoding);
        try
        {
            while (first is not null || second is not null)
            {
                if (Next(first, second) is { } source && source.TryTake())
                {
                    while (source.Lines.TryRead(out string line))
                    {
                        yield return new OutputLine(source.Stream, line);
                    }
                    cancellationToken.ThrowIfCancellationRequested();
                    continue;
                }
                await WaitAsync(first, second, cancellationToken).ConfigureAwait(false);
                foreach (Source ended in Ended(first, second))
                {
                    ended.Lines.Complete();
                    while (ended.Lines.TryRead(out string line))
                    {
                        yield return new OutputLine(ended.Stream, line);
                    }
                    first = ended == first ? null : first;
                    second = ended == second ? null : second;
                }
            }
        }
        finally
        {
            output?.Dispose();
            error?.Dispose();
        }
    }

    /// <summary>The source whose next chunk was read first, or null when neither has one.</summary>
    private static Source? Next(Source? first, Source? second)
    {
        long? firstOrder = first?.NextOrder;
        long? secondOrder = second?.NextOrder;
        // One thread reads both, so what it read before the second's chunk is there once that chunk is seen:
        // look again, since it may have come between the two looks.
        firstOrder ??= first?.NextOrder;
        if (firstOrder is null)
        {
            return secondOrder is null ? null : second;
        }
        return secondOrder is null || firstOrder < secondOrder ? first : second;
    }

    private static IEnumerable<Source> Ended(Source? first, Source? second)
    {
        if (first is { HasEnded: true })
        {
            yield return first;
        }
        if (second is { HasEnded: true })
        {
            yield return second;
        }
    }

    private static async Task WaitAsync(Source? first, Source? second, CancellationToken cancellationToken)
    {
        Task<bool>? firstWait = first?.WaitAsync(cancellationToken);
        Task<bool>? secondWait = second?.WaitAsync(cancellationToken);
        Task done = firstWait is null ? secondWait!
            : secondWait is null ? firstWait
            : await Task.WhenAny(firstWait, secondWait).ConfigureAwait(false);
        // Throws what the wait has thrown.
        await done.ConfigureAwait(false);
    }

    private sealed class Source(FifoReader reader, OutputStream stream, Encoding encoding)
    {
        private Task<bool>? _waiting;

        public OutputStream Stream => stream;

        public LineSplitter Lines { get; } = new(encoding);

        public long? NextOrder => reader.Chunks.TryPeek(out OutputChunk chunk) ? chunk.Order : null;

        /// <summary>Did the last wait say that nothing comes any more?</summary>
        public bool HasEnded => _waiting is { IsCompletedSuccessfully: true, Result: false };

        public static Source? Claim(FifoReader? reader, OutputStream stream, Encoding encoding)
        {
            reader?.Claim();
            return reader is null ? null : new Source(reader, stream, encoding);
        }

        /// <summary>Splits the next chunk; the reader may have dropped it meanwhile.</summary>
        public bool TryTake()
        {
            if (!reader.Chunks.TryRead(out OutputChunk chunk))
            {
                return false;
            }
            try
            {
                Lines.Append(chunk.Memory.Span);
            }
            finally
            {
                reader.Release(chunk);
            }
            return true;
        }

        /// <summary>A wait that the other source overtook is kept for the next time.</summary>
        public Task<bool> WaitAsync(CancellationToken cancellationToken)
        {
            if (_waiting is null or { IsCompletedSuccessfully: true, Result: true })
            {
                _waiting = reader.Chunks.WaitToReadAsync(cancellationToken).AsTask();
            }
            return _waiting;
        }
    }
}
