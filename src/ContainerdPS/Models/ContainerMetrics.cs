namespace ContainerdPS;

/// <summary>
/// What the task of a container uses, at one moment. Sizes are bytes. Sums count from the start of the task; rates and
/// <see cref="CpuPercent"/> are those of the time since the sample before. What the runtime does not report is null.
/// </summary>
public sealed class ContainerMetrics : ContainerdObject
{
    internal ContainerMetrics(ContainerdSession session, string @namespace, string container)
        : base(session, @namespace) => Container = container;

    /// <summary>The id of the container, and so of its task.</summary>
    public string Container { get; }

    /// <summary>When the daemon took the sample, in local time.</summary>
    public DateTimeOffset Time { get; internal init; }

    /// <summary>The state of the task. One that has ended keeps its sums until it is removed.</summary>
    public ContainerStatus Status { get; internal init; }

    /// <summary>The id of the task's first process on the daemon's host.</summary>
    public int ProcessId { get; internal init; }

    /// <summary>What counted: <c>cgroup v1</c>, <c>cgroup v2</c>, <c>Windows</c>, or one of the first two in a <c>VM</c>.</summary>
    public string Source { get; internal init; } = string.Empty;

    /// <summary>The time since the sample before; null for the first.</summary>
    public TimeSpan? Interval { get; private set; }

    /// <summary>Processor time since the sample before, in per cent of one processor: two busy ones are 200. Null for the first sample.</summary>
    public double? CpuPercent { get; private set; }

    /// <summary>Processor time, of all processors together.</summary>
    public TimeSpan? CpuTime { get; internal init; }

    /// <summary>The part of the processor time spent in programs.</summary>
    public TimeSpan? CpuUserTime { get; internal init; }

    /// <summary>The part of the processor time spent in the kernel.</summary>
    public TimeSpan? CpuSystemTime { get; internal init; }

    /// <summary>How long processes were held back because the limit of processor time was used up.</summary>
    public TimeSpan? CpuThrottledTime { get; internal init; }

    /// <summary>In how many periods they were held back.</summary>
    public long? CpuThrottledPeriods { get; internal init; }

    /// <summary>How many periods of the limit there were; 0 without a limit.</summary>
    public long? CpuPeriods { get; internal init; }

    /// <summary>Memory in use, with the file caches the kernel counts in; on Windows what is committed.</summary>
    public long? MemoryUsage { get; internal init; }

    /// <summary>Memory in use without the file caches that the kernel gives up first. This is what limits and alarms are compared with.</summary>
    public long? MemoryWorkingSet { get; internal init; }

    /// <summary>The most memory that was in use.</summary>
    public long? MemoryPeak { get; internal init; }

    /// <summary>The limit of memory; null for none.</summary>
    public long? MemoryLimit { get; internal init; }

    /// <summary>The working set in per cent of the limit; null without a limit.</summary>
    public double? MemoryPercent => MemoryLimit > 0 && MemoryWorkingSet is { } used ? 100.0 * used / MemoryLimit : null;

    /// <summary>Memory of processes that no file stands behind.</summary>
    public long? MemoryAnonymous { get; internal init; }

    /// <summary>Memory that caches files.</summary>
    public long? MemoryCache { get; internal init; }

    /// <summary>Swap in use.</summary>
    public long? SwapUsage { get; internal init; }

    /// <summary>The limit of swap, without memory; null for none.</summary>
    public long? SwapLimit { get; internal init; }

    /// <summary>How many processes were killed because memory was out.</summary>
    public long? OutOfMemoryKills { get; internal init; }

    /// <summary>Processes, and their threads, at the moment.</summary>
    public long? Pids { get; internal init; }

    /// <summary>The limit of processes and threads; null for none.</summary>
    public long? PidsLimit { get; internal init; }

    /// <summary>Bytes read from block devices.</summary>
    public long? ReadBytes { get; internal init; }

    /// <summary>Bytes written to block devices.</summary>
    public long? WriteBytes { get; internal init; }

    /// <summary>Reads from block devices.</summary>
    public long? ReadOperations { get; internal init; }

    /// <summary>Writes to block devices.</summary>
    public long? WriteOperations { get; internal init; }

    /// <summary>Bytes read a second since the sample before.</summary>
    public double? ReadBytesPerSecond { get; private set; }

    /// <summary>Bytes written a second since the sample before.</summary>
    public double? WriteBytesPerSecond { get; private set; }

    /// <summary>Bytes received over all network interfaces, where the runtime counts them.</summary>
    public long? NetworkReceivedBytes { get; internal init; }

    /// <summary>Bytes sent over all network interfaces, where the runtime counts them.</summary>
    public long? NetworkSentBytes { get; internal init; }

    internal Func<string> Raw { get; init; } = static () => "{}";

    /// <summary>Compares it with the sample before. A task that was started anew counts from zero, so there is nothing to compare with.</summary>
    internal ContainerMetrics After(ContainerMetrics? before)
    {
        if (before is not null && before.ProcessId == ProcessId && before.Time < Time)
        {
            Interval = Time - before.Time;
            CpuPercent = 100 * Rate(CpuTime?.TotalSeconds, before.CpuTime?.TotalSeconds);
            ReadBytesPerSecond = Rate(ReadBytes, before.ReadBytes);
            WriteBytesPerSecond = Rate(WriteBytes, before.WriteBytes);
        }

        return this;
    }

    /// <summary>Everything the runtime reported, as JSON with its own names and units.</summary>
    /// <returns>An object in JSON.</returns>
    public string ToJson() => Raw();

    /// <summary>Gives the container's id.</summary>
    /// <returns>The value of <see cref="Container"/>.</returns>
    public override string ToString() => Container;

    private double? Rate(double? now, double? before) => now - before is { } change and >= 0 ? change / Interval!.Value.TotalSeconds : null;
}
