namespace ContainerdPS;

/// <summary>A private daemon that Start-ContainerdDaemon started: where it keeps its things.</summary>
public sealed class ContainerdDaemon
{
    private readonly Func<bool> hasEnded;

    internal ContainerdDaemon(int processId, string version, string path, string logPath, string fifoDirectory, Func<bool> hasEnded)
    {
        this.hasEnded = hasEnded;
        ProcessId = processId;
        Version = version;
        Path = path;
        LogPath = logPath;
        FifoDirectory = fifoDirectory;
    }

    /// <summary>The process id of the daemon.</summary>
    public int ProcessId { get; }

    /// <summary>What the daemon's program says its version is.</summary>
    public string Version { get; }

    /// <summary>The temporary folder with its root, state, socket and log; Stop-ContainerdDaemon deletes it.</summary>
    public string Path { get; }

    /// <summary>The file the daemon logs to.</summary>
    public string LogPath { get; }

    /// <summary>Where the streams of its tasks are made.</summary>
    internal string FifoDirectory { get; }

    /// <summary>Whether its process has ended, by itself or stopped: nobody starts it again.</summary>
    internal bool HasEnded => hasEnded();

    /// <summary>Gives the folder.</summary>
    /// <returns>The value of <see cref="Path"/>.</returns>
    public override string ToString() => Path;
}
