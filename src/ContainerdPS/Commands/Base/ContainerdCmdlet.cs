using System.Management.Automation;
using ContainerdPS.Pipeline;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// The base of every cmdlet: its bodies are asynchronous and run on the pipeline's thread, stopping cancels them, and
/// what they call of PowerShell runs outside their context.
/// </summary>
public abstract class ContainerdCmdlet : PSCmdlet, IDisposable
{
    private const int DaemonEndLooks = 20;

    private static readonly TimeSpan DaemonEndInterval = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan AbandonLimit = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource stop = new();
    private readonly PipelinePump pump = new();
    private InFlight? inFlight;
    private bool disposed;

    private protected ContainerdCmdlet()
    {
    }

    /// <summary>How many calls this cmdlet keeps in flight for piped objects.</summary>
    private protected virtual int MaxInFlight => 1;

    /// <summary>Whether it is only to be said what would be done.</summary>
    private protected bool IsWhatIf => IsOn("WhatIf", "WhatIfPreference");

    private InFlight Pieces => inFlight ??= new InFlight(MaxInFlight);

    /// <summary>Ends what is still in flight when the pipeline ended early, and frees the rest.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected sealed override void BeginProcessing() => Run(BeginAsync);

    /// <inheritdoc/>
    protected sealed override void ProcessRecord() => Run(ProcessAsync);

    /// <inheritdoc/>
    protected sealed override void EndProcessing() => Run(async cancellationToken =>
    {
        await EndAsync(cancellationToken);
        await Pieces.FinishAsync();
    });

    /// <inheritdoc/>
    protected sealed override void StopProcessing()
    {
        try
        {
            stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself in the meantime.
        }
    }

    /// <summary>Frees what the cmdlet holds.</summary>
    /// <param name="disposing">Whether it is disposed of, not finalised.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing || disposed)
        {
            return;
        }

        disposed = true;
        pump.Run(ReleaseAsync);
        if (inFlight is not null)
        {
            stop.Cancel();
            pump.Run(() => inFlight.AbandonAsync(AbandonLimit));
        }

        stop.Dispose();
        pump.Dispose();
    }

    private protected virtual Task BeginAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private protected virtual Task ProcessAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private protected virtual Task EndAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Gives back what the cmdlet still holds when its pipeline is over, however it ended. It does not throw.</summary>
    private protected virtual Task ReleaseAsync() => Task.CompletedTask;

    private protected new void WriteObject(object? value) => PipelinePump.Outside(() => base.WriteObject(value));

    /// <summary>Writes what came of work on one object, where something is wanted of it.</summary>
    private protected void WriteWhereGiven(object? result)
    {
        if (result is not null)
        {
            WriteObject(result);
        }
    }

    private protected new void WriteError(ErrorRecord record) => PipelinePump.Outside(() => base.WriteError(record));

    private protected new void WriteWarning(string text) => PipelinePump.Outside(() => base.WriteWarning(text));

    private protected new void WriteVerbose(string text) => PipelinePump.Outside(() => base.WriteVerbose(text));

    private protected new void WriteInformation(object data, string[] tags) => PipelinePump.Outside(() => base.WriteInformation(data, tags));

    private protected new void WriteProgress(ProgressRecord record) => PipelinePump.Outside(() => base.WriteProgress(record));

    private protected new bool ShouldProcess(string target, string action) => PipelinePump.Outside(() => base.ShouldProcess(target, action));

    /// <summary>
    /// Asks whether to. Where it is only to be said what would be done, and what it would be done to is not there, the error
    /// is given that it would be in earnest.
    /// </summary>
    /// <param name="target">What a confirmation calls it.</param>
    /// <param name="action">What is to be done.</param>
    /// <param name="source">What the user passed.</param>
    /// <param name="client">Where.</param>
    /// <param name="find">Finds it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    private protected async Task<bool> ShouldProcessAsync(
        string target, string action, object? source, NamespaceClient client, Func<Task> find, CancellationToken cancellationToken) =>
        (!IsWhatIf || await TryAsync(source, client, find, cancellationToken)) && ShouldProcess(target, action);

    /// <summary>Whether a switch is on, by itself or by a preference of the session.</summary>
    private protected bool IsOn(string parameter, string? preference) =>
        MyInvocation.BoundParameters.TryGetValue(parameter, out object? given)
            ? LanguagePrimitives.IsTrue(given)
            : preference is not null && LanguagePrimitives.IsTrue(GetVariableValue(preference));

    /// <summary>Runs what is not ours, such as a script block, on the pipeline's thread for work that is away from it.</summary>
    private protected Task<T> OnPipelineAsync<T>(Func<T> function)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        pump.Post(
            _ =>
            {
                try
                {
                    stop.Token.ThrowIfCancellationRequested();
                    done.TrySetResult(PipelinePump.Outside(function));
                }
                catch (OperationCanceledException e)
                {
                    done.TrySetCanceled(e.CancellationToken);
                }
                catch (Exception e)
                {
                    // Also what ends a pipeline: the work passes it on to the thread it belongs to.
                    done.TrySetException(e);
                }
            },
            null);
        return done.Task.WaitAsync(stop.Token);
    }

    /// <summary>Starts work on one object; see <see cref="InFlight"/>.</summary>
    private protected Task StartAsync(Func<CancellationToken, Task<Action?>> piece, CancellationToken cancellationToken) =>
        Pieces.StartAsync(piece, cancellationToken);

    /// <summary>Writes an object that is at hand, after what was started before it.</summary>
    private protected async Task WriteInTurnAsync(object value, CancellationToken cancellationToken)
    {
        if (Pieces.IsEmpty)
        {
            WriteObject(value);
        }
        else
        {
            await StartAsync(_ => Task.FromResult<Action?>(() => WriteObject(value)), cancellationToken);
        }
    }

    /// <summary>
    /// Starts work on one object away from the pipeline's thread and writes its result in its turn, or its failure.
    /// </summary>
    private protected Task StartAsync<T>(
        object? target, NamespaceClient client, Func<CancellationToken, Task<T>> work, Action<T> write, CancellationToken cancellationToken) =>
        StartAsync(
            async token =>
            {
                try
                {
                    T result = await work(token).ConfigureAwait(false);
                    return () => write(result);
                }
                catch (Exception e) when (IsFailure(e))
                {
                    ErrorRecord record = await RecordAsync(e, target, client, token).ConfigureAwait(false);
                    return () => WriteError(record);
                }
            },
            cancellationToken);

    /// <summary>Ends all pieces that were started, and writes their results in order.</summary>
    private protected Task FinishPiecesAsync() => Pieces.FinishAsync();

    /// <summary>
    /// Waits for work that runs away from the pipeline's thread, and shows meanwhile how far it is. Whatever ends the wait,
    /// the work has ended then; what became of it, the task tells.
    /// </summary>
    /// <param name="work">The work.</param>
    /// <param name="activity">A number that tells it from other work of this cmdlet.</param>
    /// <param name="title">What is being done.</param>
    /// <param name="look">Gives the state in words, and the percentage done; -1 where that is not known.</param>
    private protected async Task ShowAsync(Task work, int activity, string title, Func<(string Status, int Percent)> look)
    {
        bool shown = false;
        try
        {
            while (await Task.WhenAny(work, Task.Delay(ProgressInterval)) != work)
            {
                (string status, int percent) = look();
                WriteProgress(new ProgressRecord(activity, title, status) { PercentComplete = Math.Clamp(percent, -1, 100) });
                shown = true;
            }

            if (shown)
            {
                if (work.IsCompletedSuccessfully)
                {
                    WriteProgress(new ProgressRecord(activity, title, look().Status) { PercentComplete = 100 });
                }

                WriteProgress(new ProgressRecord(activity, title, "done") { RecordType = ProgressRecordType.Completed });
            }
        }
        finally
        {
            // A pipeline that is being stopped throws at the next word; what was begun is still to be taken back.
            await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    /// <summary>Runs work and writes its failure as a non-terminating error about <paramref name="target"/>.</summary>
    /// <returns>Whether it succeeded.</returns>
    private protected async Task<bool> TryAsync(object? target, NamespaceClient client, Func<Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work();
            return true;
        }
        catch (Exception e) when (IsFailure(e))
        {
            WriteError(await RecordAsync(e, target, client, cancellationToken));
            return false;
        }
    }

    /// <summary>What becomes an error record. What PowerShell throws to end a pipeline passes through, and so does a bug.</summary>
    private protected static bool IsFailure(Exception e) => e is ContainerdException or IOException or UnauthorizedAccessException;

    private protected static async Task<ErrorRecord> RecordAsync(Exception e, object? target, NamespaceClient client, CancellationToken cancellationToken)
    {
        Exception failure = await Snapshotters.ExplainAsync(client, e, cancellationToken).ConfigureAwait(false);

        // The connections of a daemon that is killed break a moment before it has ended.
        for (int look = 0; look < DaemonEndLooks && failure is ContainerdException { Reason: "ConnectionLost" } && client.Session.Daemon is { HasEnded: false }; look++)
        {
            await Task.Delay(DaemonEndInterval, CancellationToken.None).ConfigureAwait(false);
        }

        return ErrorRecords.From(
            failure,
            target,
            client,
            failure is ContainerdException { Code: ContainerdErrorCode.NotFound } missing ? await Elsewhere.FindAsync(client, missing, cancellationToken).ConfigureAwait(false) : null);
    }

    private void Run(Func<CancellationToken, Task> body)
    {
        try
        {
            pump.Run(() => body(stop.Token));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        catch (ContainerdException e)
        {
            // What no object could be blamed for ends the command, and still with an id and a category of ours.
            ThrowTerminatingError(ErrorRecords.From(e, null, null));
        }
    }
}
