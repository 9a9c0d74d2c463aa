using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ContainerdPS.TaskIO;

/// <summary>
/// The open streams of one process. Open them before the daemon is asked to create the process; when it is over,
/// <see cref="Cancel"/>, then <see cref="DrainAsync"/>, then the daemon's Delete, then dispose.
/// </summary>
internal sealed class ProcessIO : IAsyncDisposable
{
    private static readonly TimeSpan s_drainStep = TimeSpan.FromMilliseconds(50);

    private readonly FifoReader? _output;
    private readonly FifoReader? _error;
    private readonly FifoWriter? _input;

    private ProcessIO(FifoSet fifos, FifoReader? output, FifoReader? error, FifoWriter? input)
    {
        Fifos = fifos;
        _output = output;
        _error = error;
        _input = input;
        Stdin = input is null ? null : new StdinStream(input);
        OutputCompleted = Task.WhenAll(output?.Ended ?? Task.CompletedTask, error?.Ended ?? Task.CompletedTask);
    }

    /// <summary>The fifos behind the streams.</summary>
    public FifoSet Fifos { get; }

    /// <summary>The process's output as it comes, or null without one. It is read once; each memory is valid until the next.</summary>
    public IAsyncEnumerable<ReadOnlyMemory<byte>>? Stdout => _output;

    /// <summary>The same for its errors; null with a terminal.</summary>
    public IAsyncEnumerable<ReadOnlyMemory<byte>>? Stderr => _error;

    /// <summary>The process's input, or null without one. Its end needs the daemon's CloseIO as well.</summary>
    public StdinStream? Stdin { get; }

    /// <summary>
    /// Completes, always without error, when all output has been read from the fifos; the consumer may still have
    /// some of it before it, and gets the error if there was one.
    /// </summary>
    public Task OutputCompleted { get; }

    /// <summary>Opens the fifos without waiting for the process and takes the set over, also when this fails.</summary>
    /// <exception cref="ContainerdException">A fifo cannot be opened; nothing stays open.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "Owned by the result, or disposed where opening fails.")]
    public static ProcessIO Open(FifoSet fifos, FifoPoller? poller = null)
    {
        FifoPoller serving = poller ?? FifoPoller.Shared;
        FifoReader? output = null;
        FifoReader? error = null;
        try
        {
            output = fifos.Stdout is null ? null : FifoReader.Open(fifos.Stdout, serving);
            error = fifos.Stderr is null ? null : FifoReader.Open(fifos.Stderr, serving);
            FifoWriter? input = fifos.Stdin is null ? null : FifoWriter.Open(fifos.Stdin, serving);
            return new ProcessIO(fifos, output, error, input);
        }
        catch
        {
            output?.Dispose();
            error?.Dispose();
            fifos.Dispose();
            throw;
        }
    }

    /// <summary>Both outputs as lines in the order of arrival. Consumes <see cref="Stdout"/> and <see cref="Stderr"/>.</summary>
    public IAsyncEnumerable<OutputLine> ReadLinesAsync(Encoding encoding, CancellationToken cancellationToken = default) =>
        OutputLines.ReadAsync(_output, _error, encoding, cancellationToken);

    /// <summary>Stops waiting for other ends that never come; streams whose other end is there go on.</summary>
    public void Cancel()
    {
        _output?.StopWaiting();
        _error?.StopWaiting();
        _input?.StopWaiting();
    }

    /// <summary>
    /// Waits for the end of the output of a process that has exited. Its shim may still be copying, and a process
    /// it left behind may hold the output open for ever, so after the time given the output ends with what is
    /// there. Time in which the consumer is what is being waited for does not count.
    /// </summary>
    /// <returns>Did the output end by itself?</returns>
    /// <exception cref="OperationCanceledException">Cancelled; the streams stay as they are.</exception>
    public async Task<bool> DrainAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        TimeSpan left = patience == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : patience;
        while (!OutputCompleted.IsCompleted && left > TimeSpan.Zero)
        {
            TimeSpan step = left < s_drainStep ? left : s_drainStep;
            await Task.WhenAny(OutputCompleted, Task.Delay(step, cancellationToken)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (_output is not { IsHeldBack: true } && _error is not { IsHeldBack: true })
            {
                left -= step;
            }
        }
        if (OutputCompleted.IsCompleted)
        {
            return true;
        }
        _output?.Finish();
        _error?.Finish();
        await OutputCompleted.WaitAsync(cancellationToken).ConfigureAwait(false);
        return false;
    }

    /// <summary>
    /// Throws the output away until cancelled, for a consumer that has left early. A shim keeps its fifos readable by
    /// itself, so a full one holds its copying up without an error, and the daemon's Delete waits for that, in 2.x for
    /// 10 seconds.
    /// </summary>
    public async Task DiscardAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(DiscardAsync(Fifos.Stdout, cancellationToken), DiscardAsync(Fifos.Stderr, cancellationToken)).ConfigureAwait(false);

    /// <summary>Closes every stream at once, whatever waits on it, and removes the fifos this process was given.</summary>
    public ValueTask DisposeAsync()
    {
        _output?.Dispose();
        _error?.Dispose();
        _input?.Dispose();
        Fifos.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task DiscardAsync(string? path, CancellationToken cancellationToken)
    {
        if (path is null)
        {
            return;
        }
        try
        {
            using FifoReader reader = FifoReader.Open(path, FifoPoller.Shared);
            await foreach (ReadOnlyMemory<byte> _ in reader.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
            }
        }
        catch (Exception e) when (e is ContainerdException or OperationCanceledException)
        {
            // Nobody is waiting for anything of it.
        }
    }
}
