using System.Text.RegularExpressions;
using ContainerdPS.Processes;
using ContainerdPS.Services;

namespace ContainerdPS.Checkpoints;

/// <summary>Says why processes could not be dumped or restored: with what CRIU wrote to its log, not only its exit status.</summary>
internal static partial class CriuFailures
{
    private const string WithTask = " for as long as the task is there";
    private const string Gone = "The whole log has gone with the task: Start-ContainerTask -Checkpoint keeps it with -RuntimeOption @{ CriuWorkPath = 'FOLDER' }.";
    private const int MostLines = 8;
    private const int LargestLog = 64 * 1024 * 1024;

    /// <summary>What a line of CRIU's log asks for, in its own words, and what that is called here.</summary>
    private static readonly (string Words, string Advice)[] Remedies =
    [
        ("--tcp-established", "-TcpEstablished keeps open TCP connections."),
        ("--ext-unix-sk", "-ExternalUnixSockets keeps unix sockets whose other end is outside the container."),
        ("--file-locks", "-FileLocks, which is on by default, keeps locks on files."),
        ("--shell-job", "-Terminal keeps processes that hang on a terminal from outside the container."),
        (
            "Connected TCP socket in image",
            "Containerd does not have the runtime restore open TCP connections, and a shell that is not root on the daemon's host cannot either. CRIU does it where its configuration there says 'tcp-established': that is /etc/criu/runc.conf, or the file that the annotation org.criu.config of the container's spec names."),
    ];

    /// <summary>Has processes dumped and explains the failure.</summary>
    public static async Task<T> AskAsync<T>(NamespaceClient client, string id, Func<Task<T>> dump)
    {
        const string Advice = "To leave the processes out of the checkpoint, name the parts it is to have: -Image -ReadWriteLayer -Runtime.";

        // Before all other explanations: a CRIU that is not there looks like a command that is not in the container.
        return await TaskFailures.AskAsync(
            client,
            id,
            async () =>
            {
                try
                {
                    return await dump().ConfigureAwait(false);
                }
                catch (ContainerdException e) when (IsAboutCriu(e))
                {
                    throw Explain(client, id, e, "dumped", Advice, DumpLogs(e), WithTask);
                }
            },
            CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Starts a task that is to be restored and explains the failure, while the task is still there: the log goes with it.</summary>
    /// <param name="client">Where the container is.</param>
    /// <param name="id">The container's id.</param>
    /// <param name="folder">Where CRIU works; null for its own folder, which goes with the task.</param>
    /// <param name="staysTask">Whether the task stays when it does not start.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task RestoreAsync(NamespaceClient client, string id, string? folder, bool staysTask, CancellationToken cancellationToken)
    {
        try
        {
            await client.Tasks.StartAsync(id, cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e)
        {
            throw OfRestore(client, id, folder, staysTask, e);
        }
    }

    private static ContainerdException OfRestore(NamespaceClient client, string id, string? folder, bool staysTask, ContainerdException e)
    {
        if (Words(e).Contains("cgroup is not empty", StringComparison.Ordinal))
        {
            return new ContainerdException(
                ContainerdErrorCode.FailedPrecondition,
                $"The processes of the container '{id}' in namespace '{client.Namespace}' on '{client.Session.Address}' were not restored: others run in the cgroup its spec names. Is the container they were dumped from still running? Restore-Container gives a container of another id or namespace a cgroup of its own.",
                e) { Reason = "CgroupInUse", ObjectKind = ObjectKinds.Task, ObjectId = id };
        }

        return IsAboutCriu(e)
            ? Explain(client, id, e, "restored", "They can be restored only with the files they had open, on a kernel and a CRIU no older than those they were dumped with.", RestoreLogs(client, id, folder, e), folder is not null ? string.Empty : staysTask ? WithTask : Gone)
            : e;
    }

    /// <summary>
    /// Whether the dump failed only by the moment it was paused at: a process that waits for the child it has just started
    /// cannot be seized while both are frozen, and may be a moment later.
    /// </summary>
    public static bool IsChance(ContainerdException e) => e.Message.Contains("Unseizable non-zombie", StringComparison.Ordinal);

    private static bool IsAboutCriu(ContainerdException e) =>
        Words(e).Contains("criu", StringComparison.OrdinalIgnoreCase) || Words(e).Contains("restore failed", StringComparison.Ordinal);

    private static ContainerdException Explain(
        NamespaceClient client, string id, ContainerdException e, string done, string advice, IEnumerable<string> logs, string fate)
    {
        string start = $"The processes of the container '{id}' in namespace '{client.Namespace}' on '{client.Session.Address}' were not {done}: ";
        string words = Short(Words(e));
        if (words.Contains("version check failed", StringComparison.Ordinal) && (words.Contains("not found", StringComparison.Ordinal) || words.Contains("no such file", StringComparison.Ordinal)))
        {
            return Failure(e, id, "CriuNotFound", $"{start}the runtime finds no CRIU on the daemon's host ({words}). Install it there (Debian, Ubuntu: apt-get install criu). {advice}");
        }

        (string? path, IReadOnlyList<string> lines) = ReadLog(client, logs);
        string log = lines.Count == 0
            ? " There is no log of CRIU that can be read from here."
            : $" CRIU's log says:{string.Concat(lines.Select(static line => "\n    " + line))}\n{(fate == Gone ? Gone : $"The whole log is in '{path}'{fate}.")}";
        IEnumerable<string> remedies = Remedies.Where(remedy => lines.Any(line => line.Contains(remedy.Words, StringComparison.Ordinal))).Select(static remedy => remedy.Advice);
        return Failure(e, id, "CriuFailed", $"{start}{words}.{log}\n{string.Join(' ', remedies.Append(advice))}");
    }

    /// <summary>The shim copies the log of a dump that failed and names the copy at the end of its message.</summary>
    private static IEnumerable<string> DumpLogs(ContainerdException e) => LogPath().Matches(Words(e)).Select(static match => match.Groups[1].Value);

    /// <summary>Not every runc names the log; it lies with the container's bundle.</summary>
    private static IEnumerable<string> RestoreLogs(NamespaceClient client, string id, string? folder, ContainerdException e)
    {
        const string Log = "restore.log";
        const string Bundles = "io.containerd.runtime.v2.task";
        foreach (string named in DumpLogs(e))
        {
            yield return named;
        }

        if (folder is not null)
        {
            yield return Path.Combine(folder, Log);
        }

        string state = client.Session.Daemon is { } daemon ? Path.Combine(daemon.Path, "state") : "/run/containerd";
        yield return Path.Combine(state, Bundles, client.Namespace, id, "work", Log);
    }

    private static (string? Path, IReadOnlyList<string> Lines) ReadLog(NamespaceClient client, IEnumerable<string> paths)
    {
        foreach (string path in client.Session.IsLocal ? paths : [])
        {
            try
            {
                if (new FileInfo(path) is { Exists: true, Length: < LargestLog })
                {
                    string[] lines = File.ReadLines(path).Where(static line => line.Contains("Error", StringComparison.Ordinal) || line.Contains("Warn", StringComparison.Ordinal)).ToArray();
                    // The first error is the cause, and the others come of it.
                    string[] errors = lines.Where(static line => line.Contains("Error", StringComparison.Ordinal)).ToArray();
                    return (path, (errors.Length > 0 ? errors.Take(MostLines) : lines.TakeLast(MostLines)).Select(static line => line.Trim()).ToArray());
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The daemon's own words must do.
            }
        }

        return (null, []);
    }

    private static string Words(ContainerdException e) => e.DaemonMessage ?? e.Message;

    /// <summary>What the runtime says, without who passed it on and where the log is.</summary>
    private static string Short(string words)
    {
        string text = LogPath().Replace(words, string.Empty).Replace(": unknown", string.Empty, StringComparison.Ordinal);
        text = RuntimeFailed().Replace(text, string.Empty).Replace("exit status 1: ", string.Empty, StringComparison.Ordinal).Replace('\n', ' ');
        return text.Trim(' ', ':', '.');
    }

    private static ContainerdException Failure(ContainerdException e, string id, string reason, string message) =>
        new(ContainerdErrorCode.FailedPrecondition, message, e) { Reason = reason, ObjectKind = ObjectKinds.Task, ObjectId = id, DaemonMessage = null };

    [GeneratedRegex(@"(?:path=|log file:)\s*(/[^\s:]+)", RegexOptions.CultureInvariant)]
    private static partial Regex LogPath();

    [GeneratedRegex(@"\S+ did not terminate successfully: ", RegexOptions.CultureInvariant)]
    private static partial Regex RuntimeFailed();
}
