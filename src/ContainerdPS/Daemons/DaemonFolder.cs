using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ContainerdPS.Native;

namespace ContainerdPS.Daemons;

/// <summary>The one folder that holds all a private daemon has, and the names in it.</summary>
internal sealed class DaemonFolder
{
    /// <summary>What the folders' names begin with.</summary>
    public const string Prefix = "containerd-ps-";

    private const int LongestSocketPath = 107;

    // Written differently in TOML or in the runtime's JSON, where the path is looked for as it stands; parting the folders
    // and options of an overlay mount; a pattern where the daemon imports configuration; an escape in a URI of a stream.
    private const string Awkward = "\"\\&<>:,[%";

    // Mode 0711: a container with a user namespace of its own must be able to walk through to its root filesystem.
    private const UnixFileMode Walkable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private DaemonFolder(string path) => BasePath = path;

    public string BasePath { get; }

    public string Address => Path.Combine(BasePath, "containerd.sock");

    public string Root => Path.Combine(BasePath, "root");

    public string State => Path.Combine(BasePath, "state");

    public string Fifos => Path.Combine(BasePath, "fifo");

    public string Programs => Path.Combine(BasePath, "bin");

    public string Temporary => Path.Combine(BasePath, "tmp");

    public string Log => Path.Combine(BasePath, "containerd.log");

    public string Config => Path.Combine(BasePath, "config.toml");

    public string WatchdogScript => Path.Combine(BasePath, "watchdog.sh");

    public string WatchdogLog => Path.Combine(BasePath, "watchdog.log");

    public string Baseline => Path.Combine(BasePath, "baseline");

    /// <summary>Makes a new folder below a parent, with a name nobody can guess.</summary>
    /// <exception cref="ContainerdException">The parent does not exist, is not writable or its path is too long.</exception>
    public static DaemonFolder Create(string? parent)
    {
        parent ??= Path.GetTempPath();

        // The mount table shows resolved paths: with a link in ours, no mount of ours would be found in it.
        var resolved = PathCalls.Resolve(parent) ?? throw new ContainerdException(
            ContainerdErrorCode.NotFound, $"The folder '{parent}' for the private daemon does not exist. Create it or name another.") { Reason = "FolderNotFound" };
        if (resolved.Any(character => char.IsControl(character) || Awkward.Contains(character)))
        {
            throw new ContainerdException(
                ContainerdErrorCode.InvalidArgument,
                $"The folder '{parent}' has one of {Awkward} or a control character in its path, which the daemon, its runtime or overlay mounts read as something else. Name another for the private daemon.") { Reason = "FolderUnusable" };
        }

        while (true)
        {
            var folder = new DaemonFolder(Path.Combine(
                resolved, Prefix + Convert.ToHexString(RandomNumberGenerator.GetBytes(4)).ToLower(CultureInfo.InvariantCulture)));
            var longest = Encoding.UTF8.GetByteCount(folder.Address + ".ttrpc");
            if (longest > LongestSocketPath)
            {
                throw new ContainerdException(
                    ContainerdErrorCode.InvalidArgument,
                    $"The folder '{parent}' is too deep for a private daemon: its socket's path would have {longest} bytes and a "
                    + $"unix socket's path has at most {LongestSocketPath}. Name a shorter folder, for instance /tmp.") { Reason = "FolderTooDeep" };
            }

            if (Path.Exists(folder.BasePath))
            {
                continue;
            }

            try
            {
                foreach (var made in new[]
                    { folder.BasePath, folder.Root, folder.State, folder.Fifos, folder.Programs, folder.Temporary })
                {
                    MakeDirectory(made);
                }
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new ContainerdException(
                    ContainerdErrorCode.PermissionDenied,
                    $"The private daemon's folder cannot be made in '{parent}': {failure.Message} Name a folder that is writable.",
                    failure) { Reason = "FolderNotWritable" };
            }

            return folder;
        }
    }

    /// <summary>Writes the configuration; further text goes to a file of its own that is imported and wins.</summary>
    /// <returns>The path of the configuration to start with.</returns>
    public string WriteConfig(PrivateDaemonOptions options)
    {
        if (options.ConfigPath is not null)
        {
            return File.Exists(options.ConfigPath)
                ? options.ConfigPath
                : throw new ContainerdException(
                    ContainerdErrorCode.NotFound, $"The configuration file '{options.ConfigPath}' does not exist.") { Reason = "ConfigurationNotFound" };
        }

        var imports = "";
        if (options.ConfigText is { } extra)
        {
            var extraPath = Path.Combine(BasePath, "extra.toml");
            var hasVersion = extra.Split('\n').Any(line => line.TrimStart().StartsWith("version", StringComparison.Ordinal));
            File.WriteAllText(extraPath, hasVersion ? extra : "version = 2\n" + extra);
            imports = $"imports = [{Quote(extraPath)}]\n";
        }

        // CRI and NRI are for a kubelet, listen outside the folder (NRI: /var/run/nri) and are of no use here. What lies
        // behind CRI in 2.x stays: the sandbox service does not load without it. Names a release does not know are passed
        // over.
        File.WriteAllText(Config, $"""
            version = 2
            root = {Quote(Root)}
            state = {Quote(State)}
            {imports}disabled_plugins = [
              "io.containerd.grpc.v1.cri",
              "io.containerd.nri.v1.nri",
            ]

            [grpc]
              address = {Quote(Address)}

            [ttrpc]
              address = {Quote(Address + ".ttrpc")}

            [debug]
              level = {Quote(options.LogLevel)}

            [plugins."io.containerd.internal.v1.opt"]
              path = {Quote(Path.Combine(BasePath, "opt"))}

            """);
        return Config;
    }

    /// <summary>The end of the daemon's log, for an error's text.</summary>
    public string LastLogLines(int count)
    {
        try
        {
            using var log = new FileStream(Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            log.Seek(-Math.Min(log.Length, 32 * 1024), SeekOrigin.End);
            using var reader = new StreamReader(log);
            return string.Join('\n', reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(count));
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static void MakeDirectory(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path, Walkable);
        }
    }

    private static string Quote(string text) => $"\"{text}\"";
}
