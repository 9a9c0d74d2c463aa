using System.Text.Json;
using ContainerdPS.Processes;
using ContainerdPS.Services;
using ContainerdPS.Wire.TaskTypes;

namespace ContainerdPS.Logs;

/// <summary>
/// Finds the log of a process: where its daemon says it writes; for Kubernetes' and nerdctl's containers where these keep
/// it; for a task that was removed where the container remembers it.
/// </summary>
internal static class LogLocator
{
    private const string CriMetadata = "io.cri-containerd.container.metadata";
    private const string NerdctlState = "nerdctl/state-dir";

    public static async Task<LogPlace> FindAsync(NamespaceClient client, ProcessAddress address, CancellationToken cancellationToken)
    {
        Identifiers.Validated(ObjectKinds.Container, address.Container);
        Wire.ContainersV1.Container container = await client.Containers.GetAsync(address.Container, cancellationToken).ConfigureAwait(false);
        string where = $"in namespace '{client.Namespace}' on '{client.Session.Address}'";
        if (!client.Session.IsLocal)
        {
            throw Failure(address, ContainerdErrorCode.Unimplemented, "LogOnAnotherHost", $"The log of {address} {where} is a file of the daemon's host, and this is another. Read it there, or copy it and give -Path.");
        }

        Process? process = address.IsTask
            ? await client.Tasks.FindAsync(address, cancellationToken).ConfigureAwait(false)
            : await TaskFailures.AskAsync(client, address, () => client.Tasks.GetAsync(address, cancellationToken), cancellationToken).ConfigureAwait(false);
        string output = process is null ? string.Empty : process.Stdout.Length > 0 ? process.Stdout : process.Stderr;
        if (TaskLog.PathOf(output) is { } path)
        {
            return new LogPlace(path, ContainerLogFormat.Text);
        }

        if (address.IsTask && Kept(container, process is null) is { } place)
        {
            return place;
        }

        throw Missing(container, address, process, output, where);
    }

    private static LogPlace? Kept(Wire.ContainersV1.Container container, bool isGone)
    {
        if (container.Extensions.TryGetValue(CriMetadata, out Google.Protobuf.WellKnownTypes.Any? metadata) && CriPath(metadata.Value.Span) is { Length: > 0 } cri)
        {
            return new LogPlace(cri, ContainerLogFormat.Cri);
        }

        if (container.Labels.TryGetValue(NerdctlState, out string? folder) && folder.StartsWith('/'))
        {
            string path = Path.Combine(folder, container.Id + "-json.log");
            if (File.Exists(path))
            {
                return new LogPlace(path, ContainerLogFormat.Json);
            }
        }

        return isGone && container.Labels.TryGetValue(TaskLog.Label, out string? uri) && TaskLog.PathOf(uri) is { } kept ? new LogPlace(kept, ContainerLogFormat.Text) : null;
    }

    /// <summary>The log's path in what containerd's Kubernetes service keeps with its containers.</summary>
    private static string? CriPath(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("Metadata", out JsonElement metadata) && metadata.ValueKind == JsonValueKind.Object
                && metadata.TryGetProperty("LogPath", out JsonElement path) && path.ValueKind == JsonValueKind.String
                    ? path.GetString()
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ContainerdException Missing(Wire.ContainersV1.Container container, ProcessAddress address, Process? process, string output, string where)
    {
        if (process is null)
        {
            return Failure(address, ContainerdErrorCode.NotFound, "LogNotFound", $"The container '{container.Id}' {where} has no log: it has no task, and none that was started with -LogPath before. Give -Path where another program keeps its log.");
        }

        string earlier = container.Labels.TryGetValue(TaskLog.Label, out string? uri) && TaskLog.PathOf(uri) is { } path ? $" An earlier task logged to '{path}': give that as -Path." : string.Empty;
        string goes = output.Length == 0 ? "is thrown away"
            : output.Contains("://", StringComparison.Ordinal) ? $"goes to a program ({output}), which knows where it keeps it"
            : "waits in a fifo for Receive-ContainerTask, or for the program that started it";
        return Failure(address, ContainerdErrorCode.FailedPrecondition, "TaskWithoutLog", $"The output of {address} {where} {goes}, so there is no log file. Start it with -LogPath to have one, or give -Path.{earlier}");
    }

    private static ContainerdException Failure(ProcessAddress address, ContainerdErrorCode code, string reason, string message) =>
        new(code, message) { Reason = reason, ObjectKind = address.Kind, ObjectId = address.Name };
}
