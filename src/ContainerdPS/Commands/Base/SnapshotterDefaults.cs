using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>The snapshotters of the namespaces a command works in, each asked for once.</summary>
internal sealed class SnapshotterDefaults
{
    private readonly Dictionary<(ContainerdSession Session, string Namespace), string> known = [];

    public async Task<string> OfAsync(NamespaceClient client, CancellationToken cancellationToken)
    {
        if (!known.TryGetValue((client.Session, client.Namespace), out string? snapshotter))
        {
            known[(client.Session, client.Namespace)] = snapshotter = (await NamespaceDefaults.GetAsync(client, cancellationToken)).Snapshotter;
        }

        return snapshotter;
    }
}
