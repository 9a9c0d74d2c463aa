using ContainerdPS.Services;
using ContainerdPS.TaskIO;

namespace ContainerdPS.Processes;

/// <summary>
/// The log of a task after the task: the daemon knows it only while the task exists, so the container keeps the URI as a
/// label of ours.
/// </summary>
internal static class TaskLog
{
    public const string Label = "containerdps/log-uri";

    private const string FileScheme = "file://";

    /// <summary>The path in the URI of a log file; null for anything else.</summary>
    public static string? PathOf(string uri)
    {
        if (!uri.StartsWith(FileScheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        // As the shim takes it apart: no host, and nothing behind a question mark or a hash.
        ReadOnlySpan<char> path = uri.AsSpan(FileScheme.Length);
        int end = path.IndexOfAny('?', '#');
        path = end < 0 ? path : path[..end];
        int slash = path.IndexOf('/');
        if (slash < 0)
        {
            return null;
        }

        string decoded = Uri.UnescapeDataString(path[slash..].ToString());
        return OperatingSystem.IsWindows() && decoded.Length > 2 && decoded[2] == ':' ? decoded[1..] : decoded;
    }

    /// <summary>Has the container keep the URI of its task's log file. That it cannot is no reason to end a task that runs.</summary>
    public static async Task KeepAsync(NamespaceClient client, Wire.ContainersV1.Container container, TaskStdio stdio, CancellationToken cancellationToken)
    {
        if (PathOf(stdio.Stdout) is null || (container.Labels.TryGetValue(Label, out string? kept) && kept == stdio.Stdout))
        {
            return;
        }

        try
        {
            Identifiers.ValidateLabel(Label, stdio.Stdout);
            await client.Containers.SetLabelsAsync(container.Id, new Dictionary<string, string> { [Label] = stdio.Stdout }, cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException)
        {
            // The task still tells where its log is, as long as it is there.
        }
    }
}
