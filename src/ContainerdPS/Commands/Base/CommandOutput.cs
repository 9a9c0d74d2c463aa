using System.Management.Automation;
using ContainerdPS.Pipeline;
using ContainerdPS.Processes;
using ContainerdPS.Services;
using ContainerdPS.TaskIO;

namespace ContainerdPS.Commands;

/// <summary>
/// What becomes of what one command writes, and of its exit status: lines as they come, or one result for it all. Its
/// methods are for the pipeline's thread.
/// </summary>
internal sealed class CommandOutput(PSCmdlet cmdlet, NamespaceClient client, object? target, bool collect)
{
    private readonly List<string> output = [];
    private readonly List<string> error = [];
    private readonly List<OutputPiece> held = [];

    /// <summary>Takes everything the command writes, and its exit status.</summary>
    public async Task DrainAsync(CommandRun run, CancellationToken cancellationToken)
    {
        held.ForEach(Take);
        held.Clear();
        await foreach (OutputPiece piece in run.Output.ReadAllAsync(cancellationToken))
        {
            Take(piece);
        }

        Finish(run.Facts, await run.EndAsync(cancellationToken));
    }

    /// <summary>Takes what comes while something else is being waited for, and holds it back until it is its turn.</summary>
    public async Task DrainWhileAsync(CommandRun run, Task other, bool isItsTurn, CancellationToken cancellationToken)
    {
        while (!other.IsCompleted)
        {
            Task<bool> more = run.Output.WaitToReadAsync(cancellationToken).AsTask();
            await Task.WhenAny(other, more);
            while (run.Output.TryRead(out OutputPiece piece))
            {
                if (isItsTurn)
                {
                    Take(piece);
                }
                else
                {
                    held.Add(piece);
                }
            }

            if (more.IsCompleted && !await more)
            {
                break;
            }
        }

        await other;
    }

    /// <summary>Takes one piece of what the command writes.</summary>
    public void Take(OutputPiece piece)
    {
        bool isOutput = piece.Stream == OutputStream.Output;
        if (collect)
        {
            (isOutput ? output : error).Add(piece.Line!);
        }
        else if (isOutput)
        {
            PipelinePump.Outside(() => cmdlet.WriteObject((object?)piece.Line ?? piece.Bytes, enumerateCollection: false));
        }
        else
        {
            // To the information stream, for who collects it, and to the host's error output, for who looks on.
            PipelinePump.Outside(() =>
            {
                cmdlet.WriteInformation(piece.Line, ["stderr"]);
                cmdlet.Host.UI.WriteErrorLine(piece.Line);
            });
        }
    }

    /// <summary>Takes how the command has ended.</summary>
    public void Finish(RunFacts run, ContainerExitStatus end)
    {
        cmdlet.SessionState.PSVariable.Set("global:LASTEXITCODE", end.ExitCode);
        if (collect)
        {
            DateTimeOffset exitedAt = end.ExitedAt ?? DateTimeOffset.Now;
            PipelinePump.Outside(() => cmdlet.WriteObject(new ContainerResult
            {
                Container = run.Container,
                Image = run.Image,
                Command = run.Command,
                ExitCode = end.ExitCode,
                Output = output,
                Error = error,
                StartedAt = run.StartedAt ?? exitedAt,
                ExitedAt = exitedAt,
            }));
        }
        else if (end.ExitCode != 0)
        {
            var failure = new ContainerdException(
                ContainerdErrorCode.Unknown,
                $"'{run.Command}' in the container '{run.Container}' ended with the exit status {end.ExitCode}. $LASTEXITCODE has it; -PassThru gives it with the output and without this error.") { Reason = "NonZeroExitCode" };
            PipelinePump.Outside(() => cmdlet.WriteError(ErrorRecords.From(failure, target, client)));
        }
    }
}
