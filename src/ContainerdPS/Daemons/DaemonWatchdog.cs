using ContainerdPS.Native;
using Microsoft.Win32.SafeHandles;

namespace ContainerdPS.Daemons;

/// <summary>
/// A shell script in a process of its own that cleans up after a daemon whose owner ended without doing so, were it by
/// SIGKILL: it reads from a pipe that only the owner holds open, so the kernel tells it.
/// </summary>
internal sealed class DaemonWatchdog : IDisposable
{
    private const string ScriptResource = "ContainerdPS.Daemons.Watchdog.sh";

    private readonly DaemonFolder _folder;
    private readonly DaemonBinaries _binaries;
    private readonly FileStream _owner;
    private ChildProcess _process;

    private DaemonWatchdog(DaemonFolder folder, DaemonBinaries binaries, FileStream owner, ChildProcess process) =>
        (_folder, _binaries, _owner, _process) = (folder, binaries, owner, process);

    public int ProcessId => _process.Id;

    /// <summary>Starts to watch; to be done before the daemon is started.</summary>
    public static DaemonWatchdog Start(DaemonFolder folder, DaemonBinaries binaries)
    {
        using (var resource = typeof(DaemonWatchdog).Assembly.GetManifestResourceStream(ScriptResource)!)
        using (var script = File.Create(folder.WatchdogScript))
        {
            resource.CopyTo(script);
        }

        var (read, write) = PipeCalls.Create();
        using (read)
        {
            try
            {
                return new DaemonWatchdog(
                    folder, binaries, new FileStream(write, FileAccess.Write, bufferSize: 0), Spawn(folder, binaries, read));
            }
            catch
            {
                write.Dispose();
                throw;
            }
        }
    }

    /// <summary>Sends it home: there is nothing left to clean up.</summary>
    public async Task DismissAsync()
    {
        if (_owner.CanWrite)
        {
            try
            {
                _owner.Write("done\n"u8);
            }
            catch (IOException)
            {
                // It was ended by somebody.
            }

            Dispose();
        }

        _ = await _process.WaitAsync(TimeSpan.FromSeconds(5), CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Lets it clean up now, as if the owner had ended.</summary>
    public void Release()
    {
        Dispose();
        if (_process.HasExited && Directory.Exists(_folder.BasePath))
        {
            // Somebody ended it: another one, whose input is at its end at once.
            _process = Spawn(_folder, _binaries, input: null);
        }
    }

    /// <summary>Waits, without awaiting, until it has finished.</summary>
    public bool Join(TimeSpan timeout) => _process.Join(timeout);

    /// <summary>Lets go of the pipe: without having been dismissed, the watchdog takes the owner for gone.</summary>
    public void Dispose() => _owner.Dispose();

    private static ChildProcess Spawn(DaemonFolder folder, DaemonBinaries binaries, SafeFileHandle? input) =>
        ChildProcess.Start(
            "/bin/sh", [folder.WatchdogScript, folder.BasePath, folder.Address, binaries.Runtime],
            [$"PATH={binaries.SearchPath}"], input, folder.WatchdogLog);
}
