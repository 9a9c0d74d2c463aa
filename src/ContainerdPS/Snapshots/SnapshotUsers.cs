using ContainerdPS.Mounts;
using ContainerdPS.Native;
using ContainerdPS.Services;

namespace ContainerdPS.Snapshots;

/// <summary>Which containers have a snapshot as their root filesystem.</summary>
internal static class SnapshotUsers
{
    /// <summary>The containers, by id.</summary>
    public static async Task<IReadOnlyList<string>> ContainersAsync(NamespaceClient client, SnapshotAddress snapshot, CancellationToken cancellationToken)
    {
        var found = new List<string>();
        await foreach (Wire.ContainersV1.Container container in client.Containers.ListAsync([], cancellationToken).ConfigureAwait(false))
        {
            if (container.SnapshotKey == snapshot.Key && container.Snapshotter == snapshot.Snapshotter)
            {
                found.Add(container.Id);
            }
        }

        return found;
    }

    /// <summary>Where it is mounted on this machine by us and can be written to, or in any way; null for nowhere.</summary>
    public static string? MountPoint(NamespaceClient client, SnapshotAddress snapshot, bool all = false) => LinuxOnly.IsHere && client.Session.IsLocal
        ? MountRecords.Of(client.Session.Address, client.Namespace, snapshot.Snapshotter, snapshot.Key).FirstOrDefault(record => all || !record.ReadOnly)?.Path
        : null;

    /// <summary>One of them that has a task which has not ended; null when none has.</summary>
    public static async Task<string?> RunningAsync(NamespaceClient client, SnapshotAddress snapshot, CancellationToken cancellationToken)
    {
        foreach (string container in await ContainersAsync(client, snapshot, cancellationToken).ConfigureAwait(false))
        {
            if (await client.Tasks.FindAsync(container, cancellationToken).ConfigureAwait(false) is { Status: not Wire.TaskTypes.Status.Stopped })
            {
                return container;
            }
        }

        return null;
    }

    /// <summary>Refuses to write where somebody else does: two that write to one tree, each behind the other's back, damage it.</summary>
    /// <param name="client">Where.</param>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="mounted">What to do when it is mounted.</param>
    /// <param name="running">What to do when it is the root filesystem of a task.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task RefuseBusyAsync(NamespaceClient client, SnapshotAddress snapshot, string mounted, string running, CancellationToken cancellationToken)
    {
        if (MountPoint(client, snapshot) is { } point)
        {
            throw Busy(snapshot, $"is mounted at '{point}' already. {mounted}");
        }

        if (await RunningAsync(client, snapshot, cancellationToken).ConfigureAwait(false) is { } container)
        {
            throw Busy(snapshot, $"is the root filesystem of the container '{container}', which has a task. {running}");
        }
    }

    private static ContainerdException Busy(SnapshotAddress snapshot, string why) =>
        new(ContainerdErrorCode.FailedPrecondition, $"The snapshot '{snapshot.Key}' {why}") { Reason = "SnapshotInUse", ObjectKind = ObjectKinds.Snapshot, ObjectId = snapshot.Key };
}
