using System.Runtime.CompilerServices;

namespace ContainerdPS.Services;

/// <summary>Which containers are wanted. What the daemon can decide is asked of the daemon; the rest is decided here.</summary>
internal sealed record ContainerQuery
{
    /// <summary>containerd's own filters; one of them has to match.</summary>
    public IReadOnlyList<string> Filters { get; init; } = [];

    /// <summary>Labels that have to be there; with a value when it is not null.</summary>
    public IReadOnlyDictionary<string, string?> Labels { get; init; } = new Dictionary<string, string?>();

    /// <summary>Whether the id is wanted.</summary>
    public Func<string, bool>? Id { get; init; }

    /// <summary>Whether the image's name is wanted.</summary>
    public Func<string, bool>? Image { get; init; }

    /// <summary>The states wanted; empty for any.</summary>
    public IReadOnlyList<ContainerStatus> Statuses { get; init; } = [];

    /// <summary>Reads the containers of a namespace as they arrive, each with the state of its task.</summary>
    public async IAsyncEnumerable<Container> ReadAsync(NamespaceClient client, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Task<Dictionary<string, Wire.TaskTypes.Process>> tasks = client.Tasks.ListAsync(cancellationToken);
        Dictionary<string, Wire.TaskTypes.Process>? states = null;
        try
        {
            await foreach (Wire.ContainersV1.Container wire in client.Containers.ListAsync(DaemonFilters(), cancellationToken).ConfigureAwait(false))
            {
                if (Id is not null && !Id(wire.Id) || Image is not null && !Image(wire.Image))
                {
                    continue;
                }

                states ??= await tasks.ConfigureAwait(false);
                Container container = client.Containers.ToModel(wire, states.GetValueOrDefault(wire.Id));
                if (Statuses.Count == 0 || Statuses.Contains(container.Status))
                {
                    yield return container;
                }
            }
        }
        finally
        {
            await ((Task)tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Reads one container with the state of its task.</summary>
    public static async Task<Container> ReadOneAsync(NamespaceClient client, string id, CancellationToken cancellationToken)
    {
        Task<Wire.TaskTypes.Process?> task = client.Tasks.FindAsync(id, cancellationToken);
        try
        {
            Wire.ContainersV1.Container wire = await client.Containers.GetAsync(id, cancellationToken).ConfigureAwait(false);
            return client.Containers.ToModel(wire, await task.ConfigureAwait(false));
        }
        finally
        {
            await ((Task)task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Filters of several labels are one filter (all must hold), joined to each filter given.</summary>
    private IReadOnlyList<string> DaemonFilters()
    {
        string labels = DaemonFilter.Labels(Labels);
        return labels.Length == 0 ? Filters : DaemonFilter.Narrow(Filters, labels);
    }
}
