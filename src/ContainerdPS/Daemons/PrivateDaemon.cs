using System.Globalization;

namespace ContainerdPS.Daemons;

/// <summary>
/// A containerd of its own, from the installed binaries, with root, state and socket in one temporary folder. It ends with
/// all its containers, and nothing of it stays, when it is stopped or its owner ends, however that comes about.
/// </summary>
internal sealed class PrivateDaemon : IAsyncDisposable
{
    private const int LogLinesInErrors = 15;
    private static readonly TimeSpan DefaultGrace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstProbe = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan LastProbe = TimeSpan.FromMilliseconds(200);

    private readonly DaemonFolder _folder;
    private readonly DaemonBinaries _binaries;
    private readonly SharedFolders _shared;
    private readonly DateTime _started = DateTime.UtcNow;
    private readonly SemaphoreSlim _stopping = new(1, 1);
    private readonly DaemonWatchdog _watchdog;
    private readonly ChildProcess _process;
    private bool _stopped;

    private PrivateDaemon(
        DaemonFolder folder, DaemonBinaries binaries, SharedFolders shared, DaemonWatchdog watchdog, ChildProcess process) =>
        (_folder, _binaries, _shared, _watchdog, _process) = (folder, binaries, shared, watchdog, process);

    /// <summary>The path of the daemon's socket.</summary>
    public string Address => _folder.Address;

    /// <summary>The folder that holds everything of this daemon.</summary>
    public string BaseDirectory => _folder.BasePath;

    /// <summary>containerd's root: content, snapshots, metadata.</summary>
    public string RootDirectory => _folder.Root;

    /// <summary>containerd's state: the running containers' bundles.</summary>
    public string StateDirectory => _folder.State;

    /// <summary>A folder for the fifos of this daemon's tasks, which goes with it.</summary>
    public string FifoDirectory => _folder.Fifos;

    /// <summary>What the daemon and its shims say.</summary>
    public string LogPath => _folder.Log;

    /// <summary>The daemon's process.</summary>
    public int ProcessId => _process.Id;

    /// <summary>The process that cleans up when this one dies.</summary>
    public int WatchdogProcessId => _watchdog.ProcessId;

    /// <summary>The version the binary states, without a leading v; empty when it states none.</summary>
    public string Version { get; private set; } = "";

    /// <summary>Whether the daemon has ended, by itself or stopped.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Ends when the daemon ends: its exit code, 128 + signal, or -1 when unknown. Never fails.</summary>
    public Task<int> Exited => _process.Exited;

    /// <summary>Whether everything has been taken away.</summary>
    public bool IsStopped => _stopped;

    /// <summary>Starts a daemon and waits until it serves.</summary>
    /// <param name="options">What it is started with.</param>
    /// <param name="isServing">Asks the daemon at a socket whether it serves; may throw while it does not.</param>
    /// <param name="cancellationToken">Gives up the start; nothing is left of it.</param>
    /// <exception cref="ContainerdException">
    /// Unimplemented: not Linux. PermissionDenied: not root. NotFound: a binary or folder is missing. InvalidArgument: the
    /// folder's path is too long. FailedPrecondition: the daemon ended at once. DeadlineExceeded: it never served.
    /// </exception>
    public static async Task<PrivateDaemon> StartAsync(
        PrivateDaemonOptions options, Func<string, CancellationToken, Task<bool>> isServing, CancellationToken cancellationToken)
    {
        RequirePlatformAndRights(OperatingSystem.IsLinux(), Environment.IsPrivilegedProcess);
        cancellationToken.ThrowIfCancellationRequested();
        var binaries = DaemonBinaries.Find(options);
        var folder = DaemonFolder.Create(options.ParentDirectory);
        DaemonWatchdog? watchdog = null;
        PrivateDaemon daemon;
        try
        {
            if (options.RuntimePath is not null)
            {
                // The shim looks for "runc" along PATH unless each container says otherwise.
                File.CreateSymbolicLink(Path.Combine(folder.Programs, "runc"), binaries.Runtime);
                binaries = binaries with { SearchPath = folder.Programs + ':' + binaries.SearchPath };
            }

            var config = folder.WriteConfig(options);
            var shared = SharedFolders.Note(folder);

            // The watchdog comes first, so that there is no moment in which the daemon runs without one.
            watchdog = DaemonWatchdog.Start(folder, binaries);
            var process = ChildProcess.Start(
                binaries.Daemon,
                ["--config", config, "--root", folder.Root, "--state", folder.State, "--address", folder.Address,
                    "--log-level", options.LogLevel],
                DaemonEnvironment.For(options, folder, binaries), null, folder.Log);
            daemon = new PrivateDaemon(folder, binaries, shared, watchdog, process);
        }
        catch
        {
            if (watchdog is not null)
            {
                await watchdog.DismissAsync().ConfigureAwait(false);
            }

            Directory.Delete(folder.BasePath, recursive: true);
            throw;
        }

        PrivateDaemons.Add(daemon);
        try
        {
            var version = daemon.ReadVersionAsync(options);
            try
            {
                await daemon.WaitUntilServingAsync(options.StartTimeout, isServing, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                daemon.Version = await version.ConfigureAwait(false);
            }

            return daemon;
        }
        catch (Exception failure)
        {
            var explained = failure as ContainerdException;
            var log = folder.LastLogLines(LogLinesInErrors);
            var leftovers = await daemon.CleanUpAsync(TimeSpan.FromSeconds(1), options.KeepOnFailure, CancellationToken.None)
                .ConfigureAwait(false);
            if (explained is null && leftovers.Count == 0)
            {
                throw;
            }

            throw new ContainerdException(
                explained?.Code ?? ContainerdErrorCode.Cancelled,
                (explained?.Message ?? "The start of the private daemon was given up.")
                + (log.Length == 0 ? " It logged nothing." : $" The end of its log:\n{log}")
                + (options.KeepOnFailure ? $"\nIts folder is kept for you to look at: {folder.BasePath}" : "")
                + (leftovers.Count == 0 ? "" : "\n" + daemon.Describe(leftovers)),
                failure) { Reason = explained is null ? "DaemonStartStopped" : explained.Reason };
        }
    }

    /// <summary>
    /// Ends the daemon with all its containers and removes everything it brought. To be called as often as one likes; when
    /// something could not be removed, another call tries again, and so does the watchdog when this process ends.
    /// </summary>
    /// <param name="timeout">How long the daemon may take to end by itself before it is killed.</param>
    /// <param name="cancellationToken">Kills the daemon without waiting further; the clean-up is done all the same.</param>
    /// <exception cref="ContainerdException">Internal: something could not be removed; the message lists all of it.</exception>
    public async Task StopAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var leftovers = await CleanUpAsync(timeout, keepFolder: false, cancellationToken).ConfigureAwait(false);
        if (leftovers.Count > 0)
        {
            throw new ContainerdException(ContainerdErrorCode.Internal, Describe(leftovers)) { Reason = "DaemonNotRemoved" };
        }
    }

    /// <summary>Stops the daemon as <see cref="StopAsync"/> does, and reports what that reports.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(DefaultGrace, CancellationToken.None).ConfigureAwait(false);

    /// <summary>Hands the clean-up to the watchdog, at once.</summary>
    internal void LeaveToWatchdog() => _watchdog.Release();

    /// <summary>Waits until the watchdog is done.</summary>
    internal bool JoinWatchdog(TimeSpan timeout) => _watchdog.Join(timeout);

    /// <exception cref="ContainerdException">Private daemons cannot be had here.</exception>
    internal static void RequirePlatformAndRights(bool isLinux, bool isRoot)
    {
        if (!isLinux)
        {
            throw new ContainerdException(
                ContainerdErrorCode.Unimplemented,
                "A private daemon can be started on Linux only: it is a containerd with runc. Connect to a daemon on a Linux "
                + "machine instead.") { Reason = "LinuxRequired" };
        }

        if (!isRoot)
        {
            throw new ContainerdException(
                ContainerdErrorCode.PermissionDenied,
                "A private daemon must be started by root: containerd mounts file systems and makes namespaces and cgroups. "
                + "Start the shell with sudo, or connect to a daemon that is running already.") { Reason = "RootRequired" };
        }
    }

    private async Task<IReadOnlyList<string>> CleanUpAsync(TimeSpan grace, bool keepFolder, CancellationToken cancellationToken)
    {
        await _stopping.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            if (_stopped)
            {
                return [];
            }

            var cleaner = new DaemonCleaner(_folder, _binaries, _shared, _started);
            var leftovers = await cleaner.RunAsync(_process, grace, keepFolder, cancellationToken).ConfigureAwait(false);
            if (leftovers.Count == 0)
            {
                await _watchdog.DismissAsync().ConfigureAwait(false);
                _stopped = true;
                PrivateDaemons.Remove(this);
            }

            return leftovers;
        }
        finally
        {
            _stopping.Release();
        }
    }

    private async Task WaitUntilServingAsync(
        TimeSpan timeout, Func<string, CancellationToken, Task<bool>> isServing, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (timeout > TimeSpan.Zero)
        {
            limit.CancelAfter(timeout);
        }

        Exception? last = null;
        for (var pause = FirstProbe; !limit.IsCancellationRequested; pause = pause * 2 < LastProbe ? pause * 2 : LastProbe)
        {
            if (_process.HasExited)
            {
                var code = await Exited.ConfigureAwait(false);
                throw new ContainerdException(
                    ContainerdErrorCode.FailedPrecondition,
                    $"The private daemon '{_binaries.Daemon}' ended before it served, with exit code {code}. Look for the cause in "
                    + "its log and start again.") { Reason = "DaemonNotStarted" };
            }

            try
            {
                if (File.Exists(Address) && await isServing(Address, limit.Token).ConfigureAwait(false))
                {
                    return;
                }
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                last = failure;
            }

            await _process.WaitAsync(pause, limit.Token).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        throw new ContainerdException(
            ContainerdErrorCode.DeadlineExceeded,
            string.Create(CultureInfo.InvariantCulture, $"The private daemon '{_binaries.Daemon}' did not serve within "
                + $"{timeout.TotalSeconds:0.#} s. Look for the cause in its log, or give it more time."),
            last) { Reason = "DaemonStartTimeout" };
    }

    private async Task<string> ReadVersionAsync(PrivateDaemonOptions options)
    {
        var output = Path.Combine(_folder.Temporary, "version");
        var run = ChildProcess.Start(_binaries.Daemon, ["--version"], DaemonEnvironment.For(options, _folder, _binaries), null, output);
        if (!await run.WaitAsync(DefaultGrace, CancellationToken.None).ConfigureAwait(false))
        {
            _ = run.Signal(Native.ProcessCalls.Kill);
        }

        try
        {
            // containerd github.com/containerd/containerd 1.6.20 REVISION
            var text = await File.ReadAllTextAsync(output, CancellationToken.None).ConfigureAwait(false);
            return text.Split(' ') is [_, _, var version, ..] ? version.Trim().TrimStart('v') : "";
        }
        catch (IOException)
        {
            return "";
        }
    }

    private string Describe(IReadOnlyList<string> leftovers) =>
        $"The private daemon in '{BaseDirectory}' could not be taken away completely: {string.Join("; ", leftovers)}. "
        + "Stop it again; what still stays must be removed by hand.";
}
