namespace ContainerdPS.Transport;

/// <summary>Where a daemon listens, as users write it: a socket path, <c>unix://PATH</c>, <c>\\.\pipe\NAME</c> or <c>npipe://</c>.</summary>
internal sealed record ContainerdAddress(ContainerdTransport Transport, string Path)
{
    private const string PipePrefix = @"\\.\pipe\";

    /// <summary>Longest path of a unix socket: <c>sun_path</c> less its closing NUL.</summary>
    private static readonly int MaxSocketPath = OperatingSystem.IsMacOS() ? 103 : 107;

    public static string DefaultText =>
        Environment.GetEnvironmentVariable("CONTAINERD_ADDRESS") is { Length: > 0 } given
            ? given
            : OperatingSystem.IsWindows() ? PipePrefix + "containerd-containerd" : "/run/containerd/containerd.sock";

    /// <summary>The name of the pipe, without its prefix.</summary>
    public string PipeName => Path[PipePrefix.Length..];

    public static ContainerdAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = text.Trim();
        if (text.StartsWith("unix:", StringComparison.OrdinalIgnoreCase))
        {
            return Socket(text, TrimScheme(text, "unix:"));
        }

        if (text.StartsWith("npipe:", StringComparison.OrdinalIgnoreCase))
        {
            return Pipe(text, TrimScheme(text, "npipe:").Replace('/', '\\'));
        }

        if (text.StartsWith(PipePrefix, StringComparison.OrdinalIgnoreCase))
        {
            return Pipe(text, text);
        }

        int scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0)
        {
            throw Invalid(text, $"'{text[..scheme]}' is not a transport of this module. Give the path of a unix socket (/run/containerd/containerd.sock), or of a named pipe on Windows");
        }

        return Socket(text, text);
    }

    public override string ToString() => Path;

    private static string TrimScheme(string text, string scheme)
    {
        string rest = text[scheme.Length..];
        return rest.StartsWith("//", StringComparison.Ordinal) ? rest[2..] : rest;
    }

    private static ContainerdAddress Socket(string given, string path)
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
        {
            throw Invalid(given, "give the path of a unix socket, such as /run/containerd/containerd.sock");
        }

        path = System.IO.Path.GetFullPath(path);
        int length = System.Text.Encoding.UTF8.GetByteCount(path);
        return length <= MaxSocketPath
            ? new ContainerdAddress(ContainerdTransport.UnixSocket, path)
            : throw Invalid(given, $"the path has {length} bytes, and a unix socket's path has at most {MaxSocketPath}");
    }

    private static ContainerdAddress Pipe(string given, string path) =>
        path.StartsWith(PipePrefix, StringComparison.OrdinalIgnoreCase) && path.Length > PipePrefix.Length
            ? new ContainerdAddress(ContainerdTransport.NamedPipe, PipePrefix + path[PipePrefix.Length..])
            : throw Invalid(given, @"give a pipe as \\.\pipe\containerd-containerd");

    private static ContainerdException Invalid(string given, string why) =>
        new(ContainerdErrorCode.InvalidArgument, $"The address '{given}' cannot be used: {why}.") { Reason = "InvalidAddress" };
}
