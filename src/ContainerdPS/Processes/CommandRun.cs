using System.Text;
using System.Threading.Channels;
using ContainerdPS.Services;
using ContainerdPS.TaskIO;

namespace ContainerdPS.Processes;

/// <summary>
/// A command that runs and is read in the background, a bounded piece ahead of who takes its output: so that it can be
/// written to, and others read, in the meantime.
/// </summary>
internal sealed class CommandRun : IAsyncDisposable
{
    /// <summary>So many lines or pieces wait for their reader; then the process waits.</summary>
    private const int Ahead = 256;

    private readonly AttachedProcess process;
    private readonly CancellationTokenSource reading = new();
    private readonly CancellationTokenSource feeding = new();
    private readonly Channel<OutputPiece> output = Channel.CreateBounded<OutputPiece>(new BoundedChannelOptions(Ahead) { SingleReader = true, SingleWriter = true });
    private readonly Task pumping;

    private CommandRun(AttachedProcess process, Encoding encoding, bool asBytes)
    {
        this.process = process;
        pumping = Task.Run(() => PumpAsync(encoding, asBytes));

        // Its shim keeps the input open and reads no more of it, so a write would wait for ever.
        _ = process.Exited.ContinueWith(_ => feeding.Cancel(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>What it writes, until it has ended; a failure to read comes at the end.</summary>
    public ChannelReader<OutputPiece> Output => output.Reader;

    public RunFacts Facts => new(process.Address.Container, Image, Command, process.StartedAt);

    /// <summary>The image of the container, by name.</summary>
    private string Image { get; init; } = string.Empty;

    /// <summary>The command line.</summary>
    private string Command { get; init; } = string.Empty;

    /// <summary>Executes a command in a running container.</summary>
    public static async Task<CommandRun> ExecAsync(
        NamespaceClient client, string container, ExecRequest request, bool stdin, Encoding encoding, bool asBytes, CancellationToken cancellationToken)
    {
        (Oci.SpecProcess spec, string image) = await ExecSpec.BuildAsync(client, container, request, cancellationToken).ConfigureAwait(false);
        var address = new ProcessAddress(container, request.Id ?? ExecCreation.NewId());
        Identifiers.Validated(ObjectKinds.Process, address.Exec);
        AttachedProcess process = await AttachedProcess.ExecAsync(client, address, spec, stdin, cancellationToken).ConfigureAwait(false);
        return new CommandRun(process, encoding, asBytes) { Image = image, Command = spec.ToString() };
    }

    /// <summary>Runs a container's first process.</summary>
    public static async Task<CommandRun> RunAsync(NamespaceClient client, Container container, bool stdin, Encoding encoding, bool asBytes, CancellationToken cancellationToken)
    {
        AttachedProcess process = await AttachedProcess.RunAsync(client, container.Id, stdin, cancellationToken).ConfigureAwait(false);
        return new CommandRun(process, encoding, asBytes) { Image = container.Image, Command = container.Command ?? string.Empty };
    }

    /// <summary>Gives the process input; what a process that has ended, or closed its input, would get is dropped.</summary>
    public Task WriteAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken) => process.IO.Stdin is { ReaderGone: false } stdin
        ? FeedAsync(token => stdin.WriteAsync(input, token).AsTask(), cancellationToken)
        : Task.CompletedTask;

    /// <summary>Gives the process its end of input.</summary>
    public Task EndInputAsync(CancellationToken cancellationToken) => FeedAsync(process.EndInputAsync, cancellationToken);

    /// <summary>When all output has been taken: how it ended.</summary>
    public async Task<ContainerExitStatus> EndAsync(CancellationToken cancellationToken)
    {
        await pumping.WaitAsync(cancellationToken).ConfigureAwait(false);
        return await process.EndAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await reading.CancelAsync().ConfigureAwait(false);
        await pumping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await process.DisposeAsync().ConfigureAwait(false);
        reading.Dispose();
    }

    private async Task FeedAsync(Func<CancellationToken, Task> feed, CancellationToken cancellationToken)
    {
        if (feeding.IsCancellationRequested)
        {
            return;
        }

        using var linked = CancellationTokenSource.CreateLinkedTokenSource(feeding.Token, cancellationToken);
        try
        {
            await feed(linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // It has ended.
        }
        catch (IOException)
        {
            // It reads no more, like head after its lines.
        }
    }

    private async Task PumpAsync(Encoding encoding, bool asBytes)
    {
        try
        {
            if (asBytes)
            {
                await foreach (OutputPiece piece in process.ReadBytesAsync(encoding, reading.Token).ConfigureAwait(false))
                {
                    await output.Writer.WriteAsync(piece, reading.Token).ConfigureAwait(false);
                }
            }
            else
            {
                await foreach (OutputLine line in process.ReadLinesAsync(encoding, reading.Token).ConfigureAwait(false))
                {
                    await output.Writer.WriteAsync(new OutputPiece(line.Stream, line.Text, null), reading.Token).ConfigureAwait(false);
                }
            }

            output.Writer.Complete();
        }
        catch (Exception e)
        {
            output.Writer.Complete(e);
            throw;
        }
    }
}
