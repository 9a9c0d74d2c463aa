using System.Management.Automation;
using ContainerdPS.Pipeline;
using ContainerdPS.Processes;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Measure-ContainerTask: measures what tasks use: processor time, memory, input and output, processes; once or continuously.</para>
/// </summary>
[Cmdlet(VerbsDiagnostic.Measure, "ContainerTask", DefaultParameterSetName = "Id")]
[OutputType(typeof(ContainerMetrics))]
public sealed class MeasureContainerTaskCommand : TaskReadCmdlet
{
    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(1);

    // What a timer can tell apart.
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(1);

    private readonly List<Target> targets = [];

    /// <summary>
    /// <para>The time between two samples, in seconds, as 500ms or 1m, or as a TimeSpan. Default: 1 second. 0 takes a single sample at once, without CpuPercent and the rates, which take two.</para>
    /// </summary>
    [Parameter]
    [Transformation.DurationTransformation]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// <para>How many times each task is measured. Default: once.</para>
    /// </summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; } = 1;

    /// <summary>
    /// <para>Measures until it is stopped, or until all tasks that were named have ended.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Continuous { get; set; }

    private bool Goes => Continuous || MyInvocation.BoundParameters.ContainsKey(nameof(Count));

    private protected override Task BeginAsync(CancellationToken cancellationToken)
    {
        bool both = Continuous && MyInvocation.BoundParameters.ContainsKey(nameof(Count));
        if (both || (Interval == TimeSpan.Zero && Goes))
        {
            Refuse("ConflictingMeasurement", both
                ? "-Continuous measures without end and -Count says when to end. Give one of them."
                : "An -Interval of 0 takes a single sample. Give a longer one with -Continuous and -Count.");
        }

        if (Interval > LongestInterval)
        {
            Refuse("InvalidInterval", $"An -Interval of {Interval.TotalDays:0.#} days is too long; the longest is {LongestInterval.TotalDays:0} day.");
        }

        return Task.CompletedTask;
    }

    private protected override Task ProcessObjectAsync(ContainerdObject input, NamespaceClient client, CancellationToken cancellationToken) =>
        AddAsync(input, client, () => TaskSource.IdOf(input), cancellationToken);

    private protected override async Task ProcessNamedAsync(NamespaceClient client, CancellationToken cancellationToken)
    {
        Target target = TargetOf(client);
        foreach (string id in Id ?? ["*"])
        {
            if (WildcardPattern.ContainsWildcardCharacters(id))
            {
                target.Patterns.Add(id);
            }
            else
            {
                await AddAsync(id, client, () => id, cancellationToken);
            }
        }
    }

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        await SampleAsync(write: Interval == TimeSpan.Zero, first: true, cancellationToken);
        if (Interval == TimeSpan.Zero)
        {
            return;
        }

        using var pace = new PeriodicTimer(Interval < ShortestInterval ? ShortestInterval : Interval);
        for (int taken = 0; (Continuous || taken < Count) && targets.Count > 0; taken++)
        {
            await pace.WaitForNextTickAsync(cancellationToken);
            await SampleAsync(write: true, first: false, cancellationToken);
        }
    }

    private Target TargetOf(NamespaceClient client)
    {
        Target? target = targets.Find(known => known.Sampler.Client.Session == client.Session && known.Sampler.Client.Namespace == client.Namespace);
        if (target is null)
        {
            targets.Add(target = new Target(new TaskSampler(client)));
        }

        return target;
    }

    private Task<bool> AddAsync(object source, NamespaceClient client, Func<string> id, CancellationToken cancellationToken) => TryAsync(
        source,
        client,
        () =>
        {
            TargetOf(client).Add(Identifiers.Validated(ObjectKinds.Container, id()), source);
            return Task.CompletedTask;
        },
        cancellationToken);

    private void Refuse(string reason, string message) =>
        ThrowTerminatingError(ErrorRecords.From(new ContainerdException(ContainerdErrorCode.InvalidArgument, message) { Reason = reason }, null, null));

    /// <summary>Measures everything at once, and writes it in order.</summary>
    private async Task SampleAsync(bool write, bool first, CancellationToken cancellationToken)
    {
        var samples = targets.Select(target => (Target: target, Taking: target.SampleAsync(IsWanted, cancellationToken))).ToArray();
        foreach ((Target target, Task<IReadOnlyList<ContainerMetrics>> taking) in samples)
        {
            bool taken = await TryAsync(
                target.Source,
                target.Sampler.Client,
                async () =>
                {
                    IReadOnlyList<ContainerMetrics> results = await taking;
                    await MissAsync(target, results, first, cancellationToken);
                    foreach (ContainerMetrics sample in write ? results : [])
                    {
                        WriteObject(sample);
                        if (sample.Status == ContainerStatus.Stopped)
                        {
                            // Its sums are final.
                            target.Names.RemoveAll(named => named.Id == sample.Container);
                        }
                    }
                },
                cancellationToken);
            if (!taken || target.IsOver)
            {
                targets.Remove(target);
            }
        }
    }

    /// <summary>What was named and is not there is told once; what goes later has ended.</summary>
    private async Task MissAsync(Target target, IReadOnlyList<ContainerMetrics> results, bool first, CancellationToken cancellationToken)
    {
        var there = results.Select(static sample => sample.Container).ToHashSet(StringComparer.Ordinal);
        foreach ((string name, object source) in target.Names.Where(name => !there.Contains(name.Id)).ToArray())
        {
            if (Status is not null)
            {
                // It may come into one of these states yet.
                continue;
            }

            target.Names.RemoveAll(named => named.Id == name);
            if (first)
            {
                ContainerdException reason = await target.Sampler.ExplainAsync(name, cancellationToken);
                if (reason.Code != ContainerdErrorCode.NotFound || !ReadsMany)
                {
                    WriteError(await RecordAsync(reason, source, target.Sampler.Client, cancellationToken));
                }
            }
        }
    }

    private bool IsWanted(ContainerMetrics sample) => Status is null || Status.Contains(sample.Status);

    /// <summary>What is measured in one namespace.</summary>
    private sealed class Target(TaskSampler sampler)
    {
        public TaskSampler Sampler => sampler;

        /// <summary>The containers that were named, in that order, each with what the user passed.</summary>
        public List<(string Id, object Source)> Names { get; } = [];

        public List<string> Patterns { get; } = [];

        public bool IsOver => Names.Count == 0 && Patterns.Count == 0;

        /// <summary>What the user passed.</summary>
        public object? Source => Patterns.Count + Names.Count == 1 ? Names.Select(static name => name.Source).Concat(Patterns).First() : null;

        public void Add(string id, object source)
        {
            if (!Names.Exists(name => name.Id == id))
            {
                Names.Add((id, source));
            }
        }

        public async Task<IReadOnlyList<ContainerMetrics>> SampleAsync(Func<ContainerMetrics, bool> wanted, CancellationToken cancellationToken)
        {
            Func<string, bool> matches = NamePatterns.Any(Patterns, ignoreCase: false);
            IReadOnlyList<ContainerMetrics> samples = await sampler.SampleAsync(
                Patterns.Count == 0 ? Names.ConvertAll(static name => name.Id) : null,
                sample => (Place(sample.Container) >= 0 || matches(sample.Container)) && wanted(sample),
                cancellationToken);
            return samples.OrderBy(sample => (uint)Place(sample.Container)).ToArray();
        }

        private int Place(string id) => Names.FindIndex(name => name.Id == id);
    }
}
