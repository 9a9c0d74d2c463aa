namespace ContainerdPS.Transport;

/// <summary>
/// The calls that take as long as their work does: waiting for a process, starting one, unpacking a layer, a collection
/// of garbage. A session's timeout is for the others, which a healthy daemon answers in milliseconds; of a stream it
/// limits each message.
/// </summary>
internal static class UnboundedMethods
{
    private static readonly string[] Names =
    [
        "/containerd.services.tasks.v1.Tasks/Wait",
        "/containerd.services.tasks.v1.Tasks/Create",
        "/containerd.services.tasks.v1.Tasks/Start",
        "/containerd.services.tasks.v1.Tasks/Exec",
        "/containerd.services.tasks.v1.Tasks/Delete",
        "/containerd.services.tasks.v1.Tasks/Pause",
        "/containerd.services.tasks.v1.Tasks/Checkpoint",
        "/containerd.services.diff.v1.Diff/Apply",
        "/containerd.services.diff.v1.Diff/Diff",
        "/containerd.services.snapshots.v1.Snapshots/Prepare",
        "/containerd.services.snapshots.v1.Snapshots/View",
        "/containerd.services.snapshots.v1.Snapshots/Commit",
        "/containerd.services.snapshots.v1.Snapshots/Remove",
        "/containerd.services.snapshots.v1.Snapshots/Usage",
        "/containerd.services.snapshots.v1.Snapshots/Cleanup",
        "/containerd.services.images.v1.Images/Delete",
        "/containerd.services.leases.v1.Leases/Delete",
        "/containerd.services.transfer.v1.Transfer/Transfer",
        "/containerd.services.sandbox.v1.Controller/Create",
        "/containerd.services.sandbox.v1.Controller/Start",
        "/containerd.services.sandbox.v1.Controller/Stop",
        "/containerd.services.sandbox.v1.Controller/Wait",
        "/containerd.services.events.v1.Events/Subscribe",
    ];

    public static bool Contains(string method) => Array.IndexOf(Names, method) >= 0;
}
