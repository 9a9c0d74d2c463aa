namespace ContainerdPS.TaskIO;

/// <summary>Where the streams of a process go: what a request to create a task or an exec process says about them.</summary>
internal sealed class TaskStdio
{
    private const string FileScheme = "file://";
    private const string BinaryScheme = "binary://";

    private TaskStdio(string stdin, string stdout, string stderr, bool terminal, FifoSet? fifos = null)
    {
        Stdin = stdin;
        Stdout = stdout;
        Stderr = stderr;
        Terminal = terminal;
        Fifos = fifos;
    }

    /// <summary>The path of a fifo, or empty for none.</summary>
    public string Stdin { get; }

    /// <summary>The path of a fifo, a <c>file://</c> or <c>binary://</c> URI, or empty for nowhere.</summary>
    public string Stdout { get; }

    /// <summary>Like <see cref="Stdout"/>; always empty with fifos and a terminal.</summary>
    public string Stderr { get; }

    public bool Terminal { get; }

    /// <summary>The fifos, when the streams are some and so can be opened on the daemon's host.</summary>
    public FifoSet? Fifos { get; }

    /// <summary>No input, and the output is thrown away.</summary>
    public static TaskStdio Null(bool terminal = false) => new(string.Empty, string.Empty, string.Empty, terminal);

    public static TaskStdio FromFifos(FifoSet fifos) => new(
        fifos.Stdin ?? string.Empty,
        fifos.Stdout ?? string.Empty,
        fifos.Stderr ?? string.Empty,
        fifos.Terminal,
        fifos);

    /// <summary>Both outputs are appended by the shim to a file of the daemon's host, named by its absolute path there.</summary>
    /// <exception cref="ContainerdException">InvalidArgument: the path is not absolute.</exception>
    public static TaskStdio LogFile(string path, bool terminal = false)
    {
        if (!path.StartsWith('/'))
        {
            throw new ContainerdException(
                ContainerdErrorCode.InvalidArgument,
                $"The log file '{path}' must be an absolute path on the daemon's host, because the daemon writes it.") { Reason = "InvalidLogPath" };
        }
        // The shim decodes the URI: a blank or a percent sign of the path must come through.
        string uri = FileScheme + string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
        return new TaskStdio(string.Empty, uri, uri, terminal);
    }

    /// <summary>Both outputs go to a URI that the shim opens: <c>file:///path</c>, or <c>binary:///path?key=value</c> for a program.</summary>
    /// <exception cref="ContainerdException">InvalidArgument: another scheme, or no absolute path in it.</exception>
    public static TaskStdio LogUri(string uri, bool terminal = false)
    {
        string? scheme = SchemeOf(uri);
        if (scheme is null || uri.Length < scheme.Length + 2 || uri[scheme.Length] != '/')
        {
            throw new ContainerdException(
                ContainerdErrorCode.InvalidArgument,
                $"The log URI '{uri}' must be file:///PATH or binary:///PATH with an absolute path on the daemon's host.") { Reason = "InvalidLogUri" };
        }
        return new TaskStdio(string.Empty, uri, uri, terminal);
    }

    /// <summary>The streams of a process that exists, as the daemon reports them; fifos can be attached to.</summary>
    public static TaskStdio Existing(string stdin, string stdout, string stderr, bool terminal)
    {
        bool isFifos = stdin.StartsWith('/') || stdout.StartsWith('/') || stderr.StartsWith('/');
        return isFifos && OperatingSystem.IsLinux()
            ? new TaskStdio(stdin, stdout, stderr, terminal, FifoSet.Existing(PathOrNone(stdin), PathOrNone(stdout), PathOrNone(stderr), terminal))
            : new TaskStdio(stdin, stdout, stderr, terminal);
    }

    private static string PathOrNone(string text) => text.StartsWith('/') ? text : string.Empty;

    private static string? SchemeOf(string uri) =>
        uri.StartsWith(FileScheme, StringComparison.OrdinalIgnoreCase) ? FileScheme
        : uri.StartsWith(BinaryScheme, StringComparison.OrdinalIgnoreCase) ? BinaryScheme
        : null;
}
