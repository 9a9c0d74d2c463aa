using System.ComponentModel;
using System.Runtime.InteropServices;
using ContainerdPS.Native;

namespace ContainerdPS.Daemons;

/// <summary>A program started in a session of its own, so that Ctrl+C in the user's terminal does not reach it.</summary>
internal sealed class ChildProcess
{
    private const int WaiterStackBytes = 128 * 1024;

    private readonly object _gate = new();
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _waiter;
    private bool _reaped;

    private ChildProcess(int id)
    {
        Id = id;
        _waiter = new Thread(Wait, WaiterStackBytes) { IsBackground = true, Name = $"wait for {id}" };
        _waiter.Start();
    }

    public int Id { get; }

    /// <summary>Ends with the exit code, 128 + signal, or -1 when it is not known; never fails.</summary>
    public Task<int> Exited => _exited.Task;

    public bool HasExited => _exited.Task.IsCompleted;

    /// <summary>Starts a program with the root folder as its working directory, so that it keeps no mount busy.</summary>
    /// <exception cref="ContainerdException">It cannot be started.</exception>
    public static ChildProcess Start(
        string path, IEnumerable<string> arguments, IReadOnlyList<string> environment, SafeHandle? input, string outputPath)
    {
        string[] all = ["sh", "-c", "cd / && exec \"$0\" \"$@\"", path, .. arguments];
        try
        {
            return new ChildProcess(SpawnCalls.Spawn("/bin/sh", all, environment, input, outputPath));
        }
        catch (Win32Exception failure)
        {
            throw new ContainerdException(
                ContainerdErrorCode.Internal, $"The program '{path}' could not be started: {failure.Message}.", failure) { Reason = "ProgramNotStarted" };
        }
    }

    /// <summary>Sends a signal; false when the process has ended. It cannot hit another process that got the same id.</summary>
    public bool Signal(int signal)
    {
        lock (_gate)
        {
            return !_reaped && ProcessCalls.Signal(Id, signal);
        }
    }

    /// <summary>True when the process ended within the time; a cancelled token ends the waiting early with false.</summary>
    public async Task<bool> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            await Exited.WaitAsync(timeout, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception failure) when (failure is TimeoutException or OperationCanceledException)
        {
            return HasExited;
        }
    }

    /// <summary>The same where nothing can be awaited: at the end of the process.</summary>
    public bool Join(TimeSpan timeout) => _waiter.Join(timeout);

    private void Wait()
    {
        ProcessCalls.WaitForEnd(Id);
        int code;
        lock (_gate)
        {
            code = ProcessCalls.Reap(Id);
            _reaped = true;
        }

        _exited.SetResult(code);
    }
}
