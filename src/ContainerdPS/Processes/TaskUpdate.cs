using System.Text.Json.Nodes;
using ContainerdPS.Containers;
using ContainerdPS.Oci;
using ContainerdPS.Services;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ContainerdPS.Processes;

/// <summary>Changes the limits of a task while it runs, and of the container's next ones where that is wanted.</summary>
internal static class TaskUpdate
{
    private const string LinuxType = "types.containerd.io/opencontainers/runtime-spec/1/LinuxResources";
    private const string WindowsType = "types.containerd.io/opencontainers/runtime-spec/1/WindowsResources";

    public static async Task RunAsync(NamespaceClient client, string id, TaskLimits limits, CancellationToken cancellationToken)
    {
        Identifiers.Validated(ObjectKinds.Container, id);
        Wire.ContainersV1.Container container = await client.Containers.GetAsync(id, cancellationToken).ConfigureAwait(false);
        RuntimeSpec? spec = container.Spec is { Value.IsEmpty: false } any ? SpecJson.Parse(any.Value.Span) : null;
        bool windows = spec is { Windows: not null, Linux: null };
        if (limits.IsWindows is { } wanted && wanted != windows)
        {
            // runc would take what it finds in them.
            throw new ContainerdException(
                ContainerdErrorCode.InvalidArgument,
                $"The container '{id}' in namespace '{client.Namespace}' is one of {(windows ? "Windows" : "Linux")}, and the resources given are those of {(wanted ? "Windows" : "Linux")}. Nothing was changed.") { Reason = "InvalidResource", ObjectKind = ObjectKinds.Task, ObjectId = id };
        }

        byte[] resources = windows ? SpecJson.SerializeResources(limits.ToWindows()) : SpecJson.SerializeResources(limits.ToLinux());

        // Without any, not even empty ones, the shim of runc crashes.
        var update = new Any { TypeUrl = windows ? WindowsType : LinuxType, Value = ByteString.CopyFrom(resources) };
        try
        {
            await TaskFailures.AskAsync(client, id, () => SendAsync(client, id, update, limits.Annotations, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (e.DaemonMessage is not null)
        {
            throw LimitFailures.Refusal(client, id, e);
        }

        if (limits.Persist)
        {
            await KeepAsync(client, id, windows, resources, limits.Annotations, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task SendAsync(
        NamespaceClient client, string id, Any update, IReadOnlyDictionary<string, string> annotations, CancellationToken cancellationToken)
    {
        try
        {
            await client.Tasks.UpdateAsync(id, update, annotations, cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (e.DaemonMessage is not null && LimitFailures.Explain(client, id, e) is { } explained)
        {
            // First of all: where a process is made, the same words mean something else.
            throw explained;
        }
    }

    private static async Task KeepAsync(
        NamespaceClient client, string id, bool windows, byte[] resources, IReadOnlyDictionary<string, string> annotations, CancellationToken cancellationToken)
    {
        try
        {
            RuntimeSpec spec = await ContainerChange.SpecAsync(client, id, cancellationToken).ConfigureAwait(false);
            if (windows)
            {
                SpecWindows section = spec.Windows ??= new SpecWindows();
                section.Resources = SpecJson.ParseWindowsResources(Merged(section.Resources is null ? null : SpecJson.SerializeResources(section.Resources), resources));
            }
            else
            {
                SpecLinux section = spec.Linux ??= new SpecLinux();
                section.Resources = SpecJson.ParseResources(Merged(section.Resources is null ? null : SpecJson.SerializeResources(section.Resources), resources));

                // It is about the update, not about what is.
                if (section.Resources.Memory is { } memory)
                {
                    memory.CheckBeforeUpdate = null;
                }
            }

            foreach ((string key, string value) in annotations)
            {
                (spec.Annotations ??= [])[key] = value;
            }

            await ContainerChange.ApplyAsync(client, id, new ContainerUpdate { Spec = spec }, read: false, cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e)
        {
            throw new ContainerdException(
                e.Code,
                $"The limits of the task of the container '{id}' in namespace '{client.Namespace}' were changed, but not its spec, so its next task will have the old ones: {e.Message}",
                e) { Reason = "LimitsNotKept", ObjectKind = ObjectKinds.Container, ObjectId = id };
        }
    }

    /// <summary>One set of resources over another, member by member: what the upper one does not name stays.</summary>
    private static byte[] Merged(byte[]? lower, byte[] upper)
    {
        if (lower is null)
        {
            return upper;
        }

        JsonObject result = JsonNode.Parse(lower)!.AsObject();
        Merge(result, JsonNode.Parse(upper)!.AsObject());
        return System.Text.Encoding.UTF8.GetBytes(result.ToJsonString());

        static void Merge(JsonObject target, JsonObject source)
        {
            foreach ((string name, JsonNode? value) in source)
            {
                if (value is JsonObject inner && target[name] is JsonObject present)
                {
                    Merge(present, inner);
                }
                else
                {
                    target[name] = value?.DeepClone();
                }
            }
        }
    }
}
