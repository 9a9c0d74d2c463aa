using System.Diagnostics;
using ContainerdPS.Oci.Image;
using ContainerdPS.Processes;
using ContainerdPS.Services;
using ContainerdPS.Wire.LeasesV1;
using ContainerdPS.Wire.Types;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ContainerdPS.Checkpoints;

/// <summary>Has the runtime dump the processes of a task.</summary>
internal static class ProcessDump
{
    private const string OptionsType = "containerd.runc.v1.CheckpointOptions";
    private const string Content = "content";

    /// <summary>The options as the runtime takes them.</summary>
    public static Any OptionsOf(CheckpointPlan plan) => new() { TypeUrl = OptionsType, Value = plan.Request.Options.ToByteString() };

    /// <summary>Dumps the processes: into the content store, or into the folder the options name.</summary>
    /// <returns>The dump and the container's spec; nothing when it went into a folder.</returns>
    public static async Task<IReadOnlyList<ContentDescriptor>> RunAsync(
        NamespaceClient client, CheckpointWriter writer, CheckpointPlan plan, CancellationToken cancellationToken)
    {
        string id = plan.Container.Id;
        string parent = plan.Request.Parent is { } given ? await ParentAsync(client, given, cancellationToken).ConfigureAwait(false) : string.Empty;
        IReadOnlySet<string> before = await HeldAsync(client, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        long begun = Stopwatch.GetTimestamp();
        Task<IReadOnlyList<ContentDescriptor>> dump = CriuFailures.AskAsync(client, id, () => AskAsync(client, writer, plan, parent, before, cancellationToken));
        await writer.WatchAsync(
            dump, () => Task.FromResult($"dumping the processes, {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s")).ConfigureAwait(false);
        return await dump.ConfigureAwait(false);
    }

    private static async Task<IReadOnlyList<ContentDescriptor>> AskAsync(
        NamespaceClient client, CheckpointWriter writer, CheckpointPlan plan, string parent, IReadOnlySet<string> before, CancellationToken cancellationToken)
    {
        try
        {
            // A dump that ends the task is not given up on the way: its task would end without it.
            return plan.Request.Options.Exit
                ? await client.Tasks.CheckpointAsync(plan.Container.Id, OptionsOf(plan), parent, CancellationToken.None).ConfigureAwait(false)
                : await Shielded.RunAsync(token => client.Tasks.CheckpointAsync(plan.Container.Id, OptionsOf(plan), parent, token), cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (e.Code == ContainerdErrorCode.AlreadyExists && client.Lease is not null)
        {
            return await FindAsync(client, writer, plan, before, e).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Containerd before 2.0 fails when the spec is in the content store already, as it is from the second checkpoint of a
    /// container on. The dump was written by then: it is what the lease has come to hold meanwhile.
    /// </summary>
    private static async Task<IReadOnlyList<ContentDescriptor>> FindAsync(
        NamespaceClient client, CheckpointWriter writer, CheckpointPlan plan, IReadOnlySet<string> before, ContainerdException failure)
    {
        ContentDescriptor spec = await writer.WriteSpecAsync(CancellationToken.None).ConfigureAwait(false);
        string[] found = (await HeldAsync(client, CancellationToken.None).ConfigureAwait(false)).Where(digest => digest != spec.Digest && !before.Contains(digest)).ToArray();
        if (found.Length != 1)
        {
            throw failure;
        }

        Wire.ContentV1.Info dump = await client.Content.GetAsync(found[0], CancellationToken.None).ConfigureAwait(false);
        return [new ContentDescriptor { MediaType = CheckpointIndex.Processes, Digest = dump.Digest, Size = dump.Size }, spec];
    }

    private static async Task<IReadOnlySet<string>> HeldAsync(NamespaceClient client, CancellationToken cancellationToken)
    {
        IEnumerable<Resource> resources = client.Lease is { } lease ? await client.Leases.ResourcesAsync(lease, cancellationToken).ConfigureAwait(false) : [];
        return resources.Where(static resource => resource.Type == Content).Select(static resource => resource.Id).ToHashSet(StringComparer.Ordinal);
    }

    private static async Task<string> ParentAsync(NamespaceClient client, string given, CancellationToken cancellationToken) =>
        Digest.IsValid(given) ? given : (await TaskCheckpoint.FindAsync(client, given, cancellationToken).ConfigureAwait(false)).Digest;
}
