using ContainerdPS.Services;
using ContainerdPS.Wire.RunhcsStats;
using ContainerdPS.Wire.Types;
using Google.Protobuf;
using Process = ContainerdPS.Wire.TaskTypes.Process;
using V1 = ContainerdPS.Wire.CgroupsV1;
using V2 = ContainerdPS.Wire.CgroupsV2;

namespace ContainerdPS.Mapping;

/// <summary>What runtimes count, each in its own way, to one form.</summary>
internal static class MetricsMapping
{
    private const string CgroupV1Type = "io.containerd.cgroups.v1.Metrics";
    private const string CgroupV2Type = "io.containerd.cgroups.v2.Metrics";
    private const string WindowsType = "containerd.runhcs.stats.v1.Statistics";

    /// <summary>Kernels without a limit say the largest whole number of pages, and pages are at most 64 KiB.</summary>
    private const ulong Unlimited = long.MaxValue - 0xFFFF;

    private static readonly JsonFormatter Json = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    /// <summary>One sample.</summary>
    /// <param name="client">Where it was read.</param>
    /// <param name="metric">The sample.</param>
    /// <param name="task">The task, as it was read beside it.</param>
    /// <exception cref="ContainerdException">Unimplemented: a runtime that counts in a form not known here.</exception>
    public static ContainerMetrics ToModel(NamespaceClient client, Metric metric, Process task)
    {
        var sample = new Sample(client, metric, task);
        ByteString data = metric.Data?.Value ?? ByteString.Empty;
        return metric.Data?.TypeUrl switch
        {
            CgroupV1Type => FromCgroupV1(sample, V1.Metrics.Parser.ParseFrom(data)),
            CgroupV2Type => FromCgroupV2(sample, V2.Metrics.Parser.ParseFrom(data)),
            WindowsType => FromWindows(sample, Statistics.Parser.ParseFrom(data)),
            var other => throw new ContainerdException(
                ContainerdErrorCode.Unimplemented,
                $"The runtime of the container '{metric.Id}' in namespace '{client.Namespace}' counts what its task uses in a form not known here ('{other}').")
            {
                Reason = "UnknownMetrics",
                ObjectKind = ObjectKinds.Task,
                ObjectId = metric.Id,
            },
        };
    }

    private static ContainerMetrics FromCgroupV1(Sample sample, V1.Metrics wire, IMessage? whole = null, string source = "cgroup v1")
    {
        V1.MemoryStat? memory = wire.Memory;
        long? usage = Whole(memory?.Usage?.Usage);
        long? limit = Limit(memory?.Usage?.Limit);
        long? both = Whole(memory?.Swap?.Usage);
        long? bothLimit = Limit(memory?.Swap?.Limit);
        return new ContainerMetrics(sample.Client.Session, sample.Client.Namespace, sample.Metric.Id)
        {
            Time = Timestamps.ToLocal(sample.Metric.Timestamp),
            Status = ContainerMapping.Status(sample.Task.Status),
            ProcessId = (int)sample.Task.Pid,
            Source = source,
            Raw = () => Json.Format(whole ?? wire),
            CpuTime = Nanoseconds(wire.Cpu?.Usage?.Total),
            CpuUserTime = Nanoseconds(wire.Cpu?.Usage?.User),
            CpuSystemTime = Nanoseconds(wire.Cpu?.Usage?.Kernel),
            CpuThrottledTime = Nanoseconds(wire.Cpu?.Throttling?.ThrottledTime),
            CpuThrottledPeriods = Whole(wire.Cpu?.Throttling?.ThrottledPeriods),
            CpuPeriods = Whole(wire.Cpu?.Throttling?.Periods),
            MemoryUsage = usage,
            MemoryWorkingSet = Less(usage, Whole(memory?.TotalInactiveFile)),
            MemoryPeak = Whole(memory?.Usage?.Max),
            MemoryLimit = limit,
            MemoryAnonymous = Whole(memory?.TotalRss),
            MemoryCache = Whole(memory?.TotalCache),

            // This controller counts memory and swap together.
            SwapUsage = Less(both, usage),
            SwapLimit = limit is null ? null : Less(bothLimit, limit),
            OutOfMemoryKills = Whole(wire.MemoryOomControl?.OomKill),
            Pids = Whole(wire.Pids?.Current),
            PidsLimit = wire.Pids is { Limit: > 0 } ? Limit(wire.Pids.Limit) : null,
            ReadBytes = Sum(wire.Blkio?.IoServiceBytesRecursive, "Read"),
            WriteBytes = Sum(wire.Blkio?.IoServiceBytesRecursive, "Write"),
            ReadOperations = Sum(wire.Blkio?.IoServicedRecursive, "Read"),
            WriteOperations = Sum(wire.Blkio?.IoServicedRecursive, "Write"),
            NetworkReceivedBytes = wire.Network.Count == 0 ? null : wire.Network.Sum(static network => (long)network.RxBytes),
            NetworkSentBytes = wire.Network.Count == 0 ? null : wire.Network.Sum(static network => (long)network.TxBytes),
        };
    }

    private static ContainerMetrics FromCgroupV2(Sample sample, V2.Metrics wire)
    {
        V2.MemoryStat? memory = wire.Memory;
        return new ContainerMetrics(sample.Client.Session, sample.Client.Namespace, sample.Metric.Id)
        {
            Time = Timestamps.ToLocal(sample.Metric.Timestamp),
            Status = ContainerMapping.Status(sample.Task.Status),
            ProcessId = (int)sample.Task.Pid,
            Source = "cgroup v2",
            Raw = () => Json.Format(wire),
            CpuTime = Microseconds(wire.Cpu?.UsageUsec),
            CpuUserTime = Microseconds(wire.Cpu?.UserUsec),
            CpuSystemTime = Microseconds(wire.Cpu?.SystemUsec),
            CpuThrottledTime = Microseconds(wire.Cpu?.ThrottledUsec),
            CpuThrottledPeriods = Whole(wire.Cpu?.NrThrottled),
            CpuPeriods = Whole(wire.Cpu?.NrPeriods),
            MemoryUsage = Whole(memory?.Usage),
            MemoryWorkingSet = Less(Whole(memory?.Usage), Whole(memory?.InactiveFile)),

            // Older daemons do not report it, and no task ever had none.
            MemoryPeak = memory is { MaxUsage: > 0 } ? Whole(memory.MaxUsage) : null,
            MemoryLimit = Limit(memory?.UsageLimit),
            MemoryAnonymous = Whole(memory?.Anon),
            MemoryCache = Whole(memory?.File),
            SwapUsage = Whole(memory?.SwapUsage),
            SwapLimit = Limit(memory?.SwapLimit),
            OutOfMemoryKills = Whole(wire.MemoryEvents?.OomKill),
            Pids = Whole(wire.Pids?.Current),
            PidsLimit = wire.Pids is { Limit: > 0 } ? Limit(wire.Pids.Limit) : null,
            ReadBytes = wire.Io?.Usage.Sum(static device => (long)device.Rbytes),
            WriteBytes = wire.Io?.Usage.Sum(static device => (long)device.Wbytes),
            ReadOperations = wire.Io?.Usage.Sum(static device => (long)device.Rios),
            WriteOperations = wire.Io?.Usage.Sum(static device => (long)device.Wios),
            NetworkReceivedBytes = wire.Network.Count == 0 ? null : wire.Network.Sum(static network => (long)network.RxBytes),
            NetworkSentBytes = wire.Network.Count == 0 ? null : wire.Network.Sum(static network => (long)network.TxBytes),
        };
    }

    private static ContainerMetrics FromWindows(Sample sample, Statistics wire)
    {
        if (wire.ContainerCase == Statistics.ContainerOneofCase.Linux)
        {
            return FromCgroupV1(sample, wire.Linux, wire, "cgroup v1 in a VM");
        }

        WindowsContainerStatistics? windows = wire.Windows;
        return new ContainerMetrics(sample.Client.Session, sample.Client.Namespace, sample.Metric.Id)
        {
            Time = Timestamps.ToLocal(sample.Metric.Timestamp),
            Status = ContainerMapping.Status(sample.Task.Status),
            ProcessId = (int)sample.Task.Pid,
            Source = wire.Vm is null ? "Windows" : "Windows in a VM",
            Raw = () => Json.Format(wire),
            CpuTime = Nanoseconds(windows?.Processor?.TotalRuntimeNs ?? wire.Vm?.Processor?.TotalRuntimeNs),
            CpuUserTime = Nanoseconds(windows?.Processor?.RuntimeUserNs),
            CpuSystemTime = Nanoseconds(windows?.Processor?.RuntimeKernelNs),
            MemoryUsage = Whole(windows?.Memory?.MemoryUsageCommitBytes),
            MemoryWorkingSet = Whole(windows?.Memory?.MemoryUsagePrivateWorkingSetBytes ?? wire.Vm?.Memory?.WorkingSetBytes),
            MemoryPeak = Whole(windows?.Memory?.MemoryUsageCommitPeakBytes),
            ReadBytes = Whole(windows?.Storage?.ReadSizeBytes),
            WriteBytes = Whole(windows?.Storage?.WriteSizeBytes),
            ReadOperations = Whole(windows?.Storage?.ReadCountNormalized),
            WriteOperations = Whole(windows?.Storage?.WriteCountNormalized),
        };
    }

    private static TimeSpan? Nanoseconds(ulong? time) => time is { } count ? TimeSpan.FromTicks((long)(count / 100)) : null;

    private static TimeSpan? Microseconds(ulong? time) => time is { } count ? TimeSpan.FromTicks((long)Math.Min(count, long.MaxValue / 10) * 10) : null;

    private static long? Whole(ulong? count) => count is { } value ? (long)Math.Min(value, long.MaxValue) : null;

    private static long? Limit(ulong? limit) => limit is { } value and < Unlimited ? (long)value : null;

    private static long? Less(long? all, long? part) => all is null || part is null ? null : Math.Max(0, all.Value - part.Value);

    private static long? Sum(IEnumerable<V1.BlkIOEntry>? entries, string operation) =>
        entries?.Where(entry => entry.Op.Equals(operation, StringComparison.OrdinalIgnoreCase)).Sum(static entry => (long)entry.Value);

    private sealed record Sample(NamespaceClient Client, Metric Metric, Process Task);
}
