using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;

namespace ContainerdPS.TaskIO;

/// <summary>A process's output as bytes, with its error output as lines.</summary>
internal static class OutputPieces
{
    /// <summary>So many pieces wait for their reader; then the process waits.</summary>
    private const int Waiting = 16;

    public static async IAsyncEnumerable<OutputPiece> ReadAsync(ProcessIO io, Encoding encoding, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pieces = Channel.CreateBounded<OutputPiece>(Waiting);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task pumping = PumpAsync(io, encoding, pieces.Writer, leaving.Token);
        try
        {
            await foreach (OutputPiece piece in pieces.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return piece;
            }

            await pumping.ConfigureAwait(false);
        }
        finally
        {
            await leaving.CancelAsync().ConfigureAwait(false);
            await pumping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task PumpAsync(ProcessIO io, Encoding encoding, ChannelWriter<OutputPiece> writer, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(OutputAsync(io, writer, cancellationToken), ErrorAsync(io, encoding, writer, cancellationToken)).ConfigureAwait(false);
        }
        finally
        {
            writer.Complete();
        }
    }

    private static async Task OutputAsync(ProcessIO io, ChannelWriter<OutputPiece> writer, CancellationToken cancellationToken)
    {
        if (io.Stdout is not { } output)
        {
            return;
        }

        await foreach (ReadOnlyMemory<byte> bytes in output.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            await writer.WriteAsync(new OutputPiece(OutputStream.Output, null, bytes.ToArray()), cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task ErrorAsync(ProcessIO io, Encoding encoding, ChannelWriter<OutputPiece> writer, CancellationToken cancellationToken)
    {
        if (io.Stderr is not { } error)
        {
            return;
        }

        var lines = new LineSplitter(encoding);
        await foreach (ReadOnlyMemory<byte> bytes in error.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            lines.Append(bytes.Span);
            while (lines.TryRead(out string line))
            {
                await writer.WriteAsync(new OutputPiece(OutputStream.Error, line, null), cancellationToken).ConfigureAwait(false);
            }
        }

        lines.Complete();
        while (lines.TryRead(out string line))
        {
            await writer.WriteAsync(new OutputPiece(OutputStream.Error, line, null), cancellationToken).ConfigureAwait(false);
        }
    }
}
