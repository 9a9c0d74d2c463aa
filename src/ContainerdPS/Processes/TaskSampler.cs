using ContainerdPS.Mapping;
using ContainerdPS.Services;
using ContainerdPS.Wire.TaskTypes;
using ContainerdPS.Wire.Types;

namespace ContainerdPS.Processes;

/// <summary>Measures tasks of one namespace again and again; each sample is compared with the one before.</summary>
internal sealed class TaskSampler(NamespaceClient client)
{
    /// <summary>Longer lists of names are not worth their filters: everything is measured then, and the rest left out.</summary>
    private const int MaxFilters = 64;

    private Dictionary<string, ContainerMetrics> before = new(StringComparer.Ordinal);

    public NamespaceClient Client => client;

    /// <summary>Measures tasks, in one call for all of them. Those that the runtime does not measure, or that come or go just then, are missing.</summary>
    /// <param name="ids">The containers; null for all there are.</param>
    /// <param name="wanted">Which of the tasks are to be given.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The samples, by the containers' ids.</returns>
    public async Task<IReadOnlyList<ContainerMetrics>> SampleAsync(IReadOnlyCollection<string>? ids, Func<ContainerMetrics, bool> wanted, CancellationToken cancellationToken)
    {
        string[] filters = ids is { Count: <= MaxFilters } ? ids.Select(static id => "id==" + id).ToArray() : [];
        Task<Dictionary<string, Process>> listing = TasksAsync(ids, cancellationToken);
        IReadOnlyList<Metric> metrics = await client.Tasks.MetricsAsync(filters, cancellationToken).ConfigureAwait(false);
        Dictionary<string, Process> tasks = await listing.ConfigureAwait(false);
        ContainerMetrics[] samples = metrics
            .Where(metric => ids?.Contains(metric.Id) != false && tasks.ContainsKey(metric.Id))
            .Select(metric => MetricsMapping.ToModel(client, metric, tasks[metric.Id]))
            .Where(wanted)
            .Select(sample => sample.After(before.GetValueOrDefault(sample.Container)))
            .OrderBy(static sample => sample.Container, StringComparer.Ordinal)
            .ToArray();
        before = samples.ToDictionary(static sample => sample.Container, StringComparer.Ordinal);
        return samples;
    }

    /// <summary>Why a task that was asked for is not measured.</summary>
    public async Task<ContainerdException> ExplainAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            ContainerTask task = await TaskQuery.ReadOneAsync(client, id, cancellationToken).ConfigureAwait(false);
            return new ContainerdException(
                ContainerdErrorCode.FailedPrecondition,
                $"The runtime of the container '{id}' in namespace '{client.Namespace}' on '{client.Session.Address}' reports nothing of what its task uses ({task.Status.ToString().ToLowerInvariant()}). It may be ending, or its shim may be gone; Get-ContainerTask shows its state.")
            {
                Reason = "MetricsNotFound",
                ObjectKind = ObjectKinds.Task,
                ObjectId = id,
            };
        }
        catch (ContainerdException e)
        {
            return e;
        }
    }

    /// <summary>Each entry of a listing costs the daemon a question to a shim, so a single task is asked for alone.</summary>
    private async Task<Dictionary<string, Process>> TasksAsync(IReadOnlyCollection<string>? ids, CancellationToken cancellationToken)
    {
        if (ids is not { Count: 1 })
        {
            return await client.Tasks.ListAsync(cancellationToken).ConfigureAwait(false);
        }

        string id = ids.First();
        Process? task = await client.Tasks.FindAsync(id, cancellationToken).ConfigureAwait(false);
        return task is null ? [] : new Dictionary<string, Process> { [id] = task };
    }
}
