using System.Threading.Channels;
using ContainerdPS.Native;
using ContainerdPS.Services;
using ContainerdPS.TaskIO;
using ContainerdPS.Terminal;

namespace ContainerdPS.Processes;

/// <summary>
/// Joins this shell's terminal and the streams of a process: keys to its input, its output to the screen, the size of the
/// window to its terminal, until it ends or the detach keys come.
/// </summary>
internal sealed class TerminalBridge : IAsyncDisposable
{
    private const int PieceSize = 32 << 10;

    /// <summary>So many pieces of what was typed wait for a process that does not read; the detach keys are found meanwhile.</summary>
    private const int TypedAhead = 1024;

    /// <summary>What the shim may still copy when the process has ended.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(5);

    /// <summary>How long what was typed before the detach keys may take to be read.</summary>
    private static readonly TimeSpan FeedLimit = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ResizeRetry = TimeSpan.FromMilliseconds(500);

    private readonly NamespaceClient client;
    private readonly HostTerminal terminal;
    private readonly Attachment process;
    private readonly DetachKeys keys;
    private readonly bool isNew;
    private readonly FifoWriter screen = HostTerminal.OpenOutput();
    private readonly ScreenModes modes = new();
    private StreamTap typed = HostTerminal.OpenInput();

    /// <param name="client">Where the process is.</param>
    /// <param name="terminal">This shell's terminal.</param>
    /// <param name="process">The process.</param>
    /// <param name="keys">The keys that leave it.</param>
    /// <param name="isNew">Whether it was started for this terminal, and so knows its size and has shown nothing yet.</param>
    public TerminalBridge(NamespaceClient client, HostTerminal terminal, Attachment process, DetachKeys keys, bool isNew)
    {
        this.client = client;
        this.terminal = terminal;
        this.process = process;
        this.keys = keys;
        this.isNew = isNew;
    }

    /// <summary>Goes on until the process has ended, or it is left.</summary>
    /// <returns>Whether it has ended; false when the detach keys came.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled, or this process is about to end.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, terminal.Leaving);
        using var detached = CancellationTokenSource.CreateLinkedTokenSource(over.Token);
        var feed = Channel.CreateBounded<byte[]>(TypedAhead);
        SetMode();
        Task output = Task.WhenAll(ShowAsync(process.Output, screen, detached.Token, over.Token), ShowErrorsAsync(detached.Token, over.Token));
        Task ended = EndAsync(output, over.Token);
        Task leaving = TypeAsync(feed.Writer, detached.Token);
        Task feeding = FeedAsync(feed.Reader, over.Token);
        Task[] others = [leaving, feeding, ResizeAsync(detached.Token)];
        try
        {
            Task first = await Task.WhenAny(ended, leaving).ConfigureAwait(false);
            if (first == leaving)
            {
                // What was typed before is typed, and what was read of its output is shown.
                await detached.CancelAsync().ConfigureAwait(false);
                await feeding.WaitAsync(FeedLimit, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await output.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await first.ConfigureAwait(false);
            over.Token.ThrowIfCancellationRequested();
            return first == ended;
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll([.. others, output, ended]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await ResetAsync().ConfigureAwait(false);
            terminal.Restore();
        }
    }

    public ValueTask DisposeAsync()
    {
        typed.Dispose();
        screen.Dispose();
        return ValueTask.CompletedTask;
    }

    private void SetMode()
    {
        if (process.IsTerminal)
        {
            terminal.SetRaw();
        }
        else
        {
            terminal.SetLines(keys, isBegun: false);
        }
    }

    private async Task EndAsync(Task output, CancellationToken cancellationToken)
    {
        await ((Task)process.Exit).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(new[] { process.Output, process.Error }.OfType<StreamTap>().Select(tap => tap.DrainAsync(DrainLimit, cancellationToken))).ConfigureAwait(false);
        await output.ConfigureAwait(false);
        await process.Exit.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Shows what comes; what was read is shown also when it is left meanwhile.</summary>
    private async Task ShowAsync(StreamTap? source, FifoWriter target, CancellationToken left, CancellationToken over)
    {
        byte[] buffer = new byte[PieceSize];
        while (source is { HasEnded: false })
        {
            await source.WaitAsync(seen: 0, left).ConfigureAwait(false);
            int read = source.Read(buffer);
            if (source == process.Output)
            {
                modes.Follow(buffer.AsSpan(0, read));
            }

            await target.WriteAsync(buffer.AsMemory(0, read), over).ConfigureAwait(false);
        }
    }

    private async Task ShowErrorsAsync(CancellationToken left, CancellationToken over)
    {
        if (process.Error is null)
        {
            return;
        }

        using FifoWriter errors = HostTerminal.OpenErrors();
        await ShowAsync(process.Error, errors, left, over).ConfigureAwait(false);
    }

    /// <summary>Reads keys until the detach keys have come.</summary>
    private async Task TypeAsync(ChannelWriter<byte[]> feed, CancellationToken cancellationToken)
    {
        var matcher = new DetachMatcher(keys);
        var input = new List<byte>();
        byte[] buffer = new byte[PieceSize];
        while (true)
        {
            await typed.WaitAsync(seen: 0, cancellationToken).ConfigureAwait(false);
            int read = typed.Read(buffer);
            if (read == 0 && typed.HasEnded)
            {
                await EndInputAsync(feed, cancellationToken).ConfigureAwait(false);
                continue;
            }

            bool isBegun = matcher.Held > 0;
            bool isDetached = matcher.Feed(buffer.AsSpan(0, read), input);
            if (input.Count > 0)
            {
                await feed.WriteAsync([.. input], cancellationToken).ConfigureAwait(false);
                input.Clear();
            }

            if (isDetached)
            {
                feed.Complete();
                return;
            }

            if (!process.IsTerminal && isBegun != matcher.Held > 0)
            {
                terminal.SetLines(keys, matcher.Held > 0);
            }
        }
    }

    /// <summary>Nothing was read: the terminal is gone, or ctrl-d was typed at the beginning of a line, after which there may be more.</summary>
    private async Task EndInputAsync(ChannelWriter<byte[]> feed, CancellationToken cancellationToken)
    {
        if (terminal.IsGone)
        {
            throw new ContainerdException(ContainerdErrorCode.Aborted, "The terminal of this shell is gone.") { Reason = "TerminalLost" };
        }

        typed.Dispose();
        typed = HostTerminal.OpenInput();
        await feed.WriteAsync([], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gives the process what was typed.</summary>
    private async Task FeedAsync(ChannelReader<byte[]> feed, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (byte[] piece in feed.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                if (piece.Length == 0)
                {
                    await process.EndInputAsync(cancellationToken).ConfigureAwait(false);
                }
                else if (process.Input is { ReaderGone: false, Closed.IsCompleted: false })
                {
                    await process.Input.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (IOException)
        {
            // It reads no more; its end, or the keys, end this.
        }
    }

    /// <summary>Gives its terminal the size of the window, now and whenever that changes.</summary>
    private async Task ResizeAsync(CancellationToken cancellationToken)
    {
        if (!process.IsTerminal)
        {
            return;
        }

        // A terminal that gets the size it has tells its processes nothing: another one first, so that they show themselves.
        if (!isNew && terminal.Size is { } first)
        {
            await TryResizeAsync(first with { Rows = first.Rows + 1 }, cancellationToken).ConfigureAwait(false);
        }

        while (true)
        {
            while (terminal.Size is { } size && !await TryResizeAsync(size, cancellationToken).ConfigureAwait(false))
            {
                await Task.Delay(ResizeRetry, cancellationToken).ConfigureAwait(false);
            }

            await terminal.ResizedAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <returns>False when the daemon is away, and it is worth trying again.</returns>
    private async Task<bool> TryResizeAsync(WindowSize size, CancellationToken cancellationToken)
    {
        try
        {
            await client.Tasks.ResizeAsync(process.Address, size.Columns, size.Rows, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (ContainerdException e)
        {
            return e.Code is not (ContainerdErrorCode.Unavailable or ContainerdErrorCode.DeadlineExceeded);
        }
    }

    /// <summary>Switches off what was switched on in the terminal and not yet off.</summary>
    private async Task ResetAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            await screen.WriteAsync(modes.Reset(), limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The terminal is gone.
        }
    }
}
