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
}
