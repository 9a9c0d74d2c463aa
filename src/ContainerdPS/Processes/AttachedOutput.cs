using System.Runtime.CompilerServices;
using System.Text;
using ContainerdPS.TaskIO;

namespace ContainerdPS.Processes;

/// <summary>
/// What the process of an attachment writes, in pieces, each taken out of its fifo no earlier than it is asked for.
/// </summary>
internal sealed class AttachedOutput
{
    /// <summary>What the shim may still copy when the process has ended; a process left behind does not hold us longer.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(5);

    private const int PieceSize = 64 << 10;

    private readonly Attachment process;
    private readonly StreamTap? bytes;
    private readonly List<(OutputStream Stream, TapLines Lines)> lines = [];

    /// <param name="process">Whose output it is.</param>
    /// <param name="encoding">How its text is encoded.</param>
    /// <param name="asBytes">Whether the output comes as bytes; the error output always comes in lines.</param>
    public AttachedOutput(Attachment process, Encoding encoding, bool asBytes)
    {
        this.process = process;
        bool isShared = process.OtherReader is not null;
        bytes = asBytes ? process.Output : null;
        if (!asBytes && process.Output is not null)
        {
            lines.Add((OutputStream.Output, new TapLines(process.Output, encoding) { IsShared = isShared, IsLast = process.HasEnded }));
        }

        if (process.Error is not null)
        {
            lines.Add((OutputStream.Error, new TapLines(process.Error, encoding) { IsShared = isShared, IsLast = process.HasEnded }));
        }
    }

    private bool HasEnded => bytes?.HasEnded != false && lines.TrueForAll(static source => source.Lines.HasEnded);

    /// <summary>Everything until the process has ended, or that cannot be found out, and its output has ended with it.</summary>
    public async IAsyncEnumerable<OutputPiece> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Task? draining = null;
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            while (true)
            {
                // First: a process seen to have ended writes no more, so what is looked for after this is all.
                if (draining is null && process.Exit.IsCompleted)
                {
                    lines.ForEach(static source => source.Lines.IsLast = true);
                    draining = DrainAsync(left.Token);
                }

                bool any = false;
                while (TryTake() is { } piece)
                {
                    any = true;
                    yield return piece;
                    cancellationToken.ThrowIfCancellationRequested();
                }

                if (HasEnded)
                {
                    break;
                }

                if (!any)
                {
                    await WaitAsync(draining is null ? process.Exit : null, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            lines.ForEach(static source => source.Lines.Settle());
            await left.CancelAsync().ConfigureAwait(false);
            if (draining is not null)
            {
                await draining.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>What is there now: at most what the fifos hold, also when the process writes on and on.</summary>
    public IEnumerable<OutputPiece> ReadPresent()
    {
        if (bytes is not null)
        {
            for (int left = bytes.Count; left > 0 && TakeBytes(left) is { } piece; left -= piece.Bytes!.Length)
            {
                yield return piece;
            }
        }

        foreach ((OutputStream stream, TapLines source) in lines)
        {
            try
            {
                string line;
                source.Limit = source.Tap.Count;
                while (source.TryTake(out line) || source.TryTakeRest(out line))
                {
                    yield return new OutputPiece(stream, line, null);
                }
            }
            finally
            {
                source.Settle();
            }
        }
    }

    private OutputPiece? TryTake()
    {
        if (bytes is not null && TakeBytes(PieceSize) is { } piece)
        {
            return piece;
        }

        foreach ((OutputStream stream, TapLines source) in lines)
        {
            if (source.TryTake(out string line))
            {
                return new OutputPiece(stream, line, null);
            }
        }

        return null;
    }

    private OutputPiece? TakeBytes(int limit)
    {
        byte[] buffer = new byte[Math.Min(limit, PieceSize)];
        int read = bytes!.Read(buffer);
        return read == 0 ? null : new OutputPiece(OutputStream.Output, null, buffer[..read]);
    }

    private async Task WaitAsync(Task? exit, CancellationToken cancellationToken)
    {
        using var waited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var waits = new List<Task>(4);
        if (bytes is { HasEnded: false })
        {
            waits.Add(bytes.WaitAsync(seen: 0, waited.Token));
        }

        waits.AddRange(lines.Where(static source => !source.Lines.HasEnded).Select(source => source.Lines.Tap.WaitAsync(source.Lines.Seen, waited.Token)));
        if (exit is not null)
        {
            waits.Add(exit);
        }

        await Task.WhenAny(waits).ConfigureAwait(false);
        await waited.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Lets the shim copy what it still has, and then ends the streams.</summary>
    private Task DrainAsync(CancellationToken cancellationToken) => Task.WhenAll(Taps().Select(tap => tap.DrainAsync(DrainLimit, cancellationToken)));

    private IEnumerable<StreamTap> Taps() => new[] { process.Output, process.Error }.OfType<StreamTap>();
}
