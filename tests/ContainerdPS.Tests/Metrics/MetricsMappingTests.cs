using ContainerdPS.Mapping;
using ContainerdPS.Tests.Faults;
using ContainerdPS.Wire.RunhcsStats;
using ContainerdPS.Wire.TaskTypes;
using ContainerdPS.Wire.Types;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Xunit;
using V1 = ContainerdPS.Wire.CgroupsV1;
using V2 = ContainerdPS.Wire.CgroupsV2;

namespace ContainerdPS.Tests.Metrics;

/// <summary>What each kind of runtime counts comes out in the same units, and what it does not count as null.</summary>
public sealed class MetricsMappingTests : FaultTest
{
    private const string V1Type = "io.containerd.cgroups.v1.Metrics";
    private const string V2Type = "io.containerd.cgroups.v2.Metrics";
    private const string WindowsType = "containerd.runhcs.stats.v1.Statistics";

    private static readonly DateTimeOffset Moment = new(2024, 5, 1, 12, 0, 0, TimeSpan.Zero);

    // What containerd 1.6.20 reported of a task with a limit of 64 MiB and 20 processes, as the bytes it sent.
    private static readonly V1.Metrics Recorded = V1.Metrics.Parser.ParseJson(
        """
        { "pids": { "current": "2", "limit": "20" },
          "cpu": { "usage": { "total": "9256480", "per_cpu": ["2186599", "7069881"], "user": "7000000", "kernel": "2000000" }, "throttling": { "periods": "12", "throttled_periods": "3", "throttled_time": "5000000" } },
          "memory": { "rss": "49152", "total_rss": "49152", "total_cache": "12288", "total_inactive_file": "8192",
            "usage": { "limit": "67108864", "usage": "331776", "max": "2326528" },
            "swap": { "limit": "9223372036854771712", "usage": "335872", "max": "2326528" } },
          "blkio": { "io_service_bytes_recursive": [ { "op": "Read", "major": "8", "value": "4096" }, { "op": "Write", "major": "8", "value": "512" }, { "op": "Read", "major": "9", "value": "1" }, { "op": "Total", "major": "8", "value": "4608" } ],
            "io_serviced_recursive": [ { "op": "Read", "major": "8", "value": "2" }, { "op": "Write", "major": "8", "value": "1" } ] },
          "memory_oom_control": { "oom_kill": "1" } }
        """);

    [Fact]
    public void CgroupV1()
    {
        ContainerMetrics metrics = Map(V1Type, Recorded);
        Assert.Equal("web", metrics.Container);
        Assert.Equal("cgroup v1", metrics.Source);
        Assert.Equal(ContainerStatus.Running, metrics.Status);
        Assert.Equal(42, metrics.ProcessId);
        Assert.Equal(Moment, metrics.Time);
        Assert.Equal(TimeSpan.FromMilliseconds(9.2564), metrics.CpuTime);
        Assert.Equal(TimeSpan.FromMilliseconds(7), metrics.CpuUserTime);
        Assert.Equal(TimeSpan.FromMilliseconds(2), metrics.CpuSystemTime);
        Assert.Equal(TimeSpan.FromMilliseconds(5), metrics.CpuThrottledTime);
        Assert.Equal((12L, 3L), (metrics.CpuPeriods, metrics.CpuThrottledPeriods));
        Assert.Equal(331776, metrics.MemoryUsage);
        Assert.Equal(331776 - 8192, metrics.MemoryWorkingSet);
        Assert.Equal(2326528, metrics.MemoryPeak);
        Assert.Equal(64 << 20, metrics.MemoryLimit);
        Assert.Equal(100.0 * (331776 - 8192) / (64 << 20), metrics.MemoryPercent!.Value, 6);
        Assert.Equal((49152L, 12288L), (metrics.MemoryAnonymous, metrics.MemoryCache));
        Assert.Equal(4096, metrics.SwapUsage);
        Assert.Null(metrics.SwapLimit);
        Assert.Equal(1, metrics.OutOfMemoryKills);
        Assert.Equal((2L, 20L), (metrics.Pids, metrics.PidsLimit));
        Assert.Equal((4097L, 512L, 2L, 1L), (metrics.ReadBytes, metrics.WriteBytes, metrics.ReadOperations, metrics.WriteOperations));
        Assert.Null(metrics.NetworkReceivedBytes);
        Assert.Null(metrics.CpuPercent);
        Assert.Null(metrics.Interval);
        Assert.Contains("\"throttled_time\": \"5000000\"", metrics.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void CgroupV1CountsSwapWithMemory()
    {
        V1.Metrics wire = Recorded.Clone();
        wire.Memory.Swap.Limit = 100 << 20;
        Assert.Equal(36 << 20, Map(V1Type, wire).SwapLimit);
        wire.Memory.Usage.Limit = 9223372036854771712;
        ContainerMetrics unlimited = Map(V1Type, wire);
        Assert.Null(unlimited.MemoryLimit);
        Assert.Null(unlimited.MemoryPercent);
        Assert.Null(unlimited.SwapLimit);
    }

    [Fact]
    public void CgroupV2()
    {
        var wire = new V2.Metrics
        {
            Pids = new V2.PidsStat { Current = 3, Limit = ulong.MaxValue },
            Cpu = new V2.CPUStat { UsageUsec = 2_500_000, UserUsec = 2_000_000, SystemUsec = 500_000, NrPeriods = 10, NrThrottled = 4, ThrottledUsec = 1500 },
            Memory = new V2.MemoryStat { Usage = 10_000, InactiveFile = 4_000, UsageLimit = 20_000, Anon = 5_000, File = 4_500, SwapUsage = 7, SwapLimit = ulong.MaxValue, MaxUsage = 15_000 },
            MemoryEvents = new V2.MemoryEvents { OomKill = 2 },
            Io = new V2.IOStat { Usage = { new V2.IOEntry { Rbytes = 1, Wbytes = 2, Rios = 3, Wios = 4 }, new V2.IOEntry { Rbytes = 10, Wbytes = 20, Rios = 30, Wios = 40 } } },
            Network = { new V2.NetworkStat { Name = "eth0", RxBytes = 5, TxBytes = 6 }, new V2.NetworkStat { Name = "eth1", RxBytes = 50, TxBytes = 60 } },
        };
        ContainerMetrics metrics = Map(V2Type, wire);
        Assert.Equal("cgroup v2", metrics.Source);
        Assert.Equal(TimeSpan.FromSeconds(2.5), metrics.CpuTime);
        Assert.Equal(TimeSpan.FromSeconds(2), metrics.CpuUserTime);
        Assert.Equal(TimeSpan.FromSeconds(0.5), metrics.CpuSystemTime);
        Assert.Equal(TimeSpan.FromMilliseconds(1.5), metrics.CpuThrottledTime);
        Assert.Equal((10L, 4L), (metrics.CpuPeriods, metrics.CpuThrottledPeriods));
        Assert.Equal((10_000L, 6_000L, 15_000L, 20_000L), (metrics.MemoryUsage, metrics.MemoryWorkingSet, metrics.MemoryPeak, metrics.MemoryLimit));
        Assert.Equal(30, metrics.MemoryPercent!.Value, 6);
        Assert.Equal((5_000L, 4_500L), (metrics.MemoryAnonymous, metrics.MemoryCache));
        Assert.Equal(7, metrics.SwapUsage);
        Assert.Null(metrics.SwapLimit);
        Assert.Equal(2, metrics.OutOfMemoryKills);
        Assert.Equal(3, metrics.Pids);
        Assert.Null(metrics.PidsLimit);
        Assert.Equal((11L, 22L, 33L, 44L), (metrics.ReadBytes, metrics.WriteBytes, metrics.ReadOperations, metrics.WriteOperations));
        Assert.Equal((55L, 66L), (metrics.NetworkReceivedBytes, metrics.NetworkSentBytes));
    }

    [Fact]
    public void CgroupV2OfAnOlderDaemonHasNoPeak() =>
        Assert.Null(Map(V2Type, new V2.Metrics { Memory = new V2.MemoryStat { Usage = 10 } }).MemoryPeak);

    [Fact]
    public void Windows()
    {
        var wire = new Statistics
        {
            Windows = new WindowsContainerStatistics
            {
                Processor = new WindowsContainerProcessorStatistics { TotalRuntimeNs = 3_000_000_000, RuntimeUserNs = 1_000_000_000, RuntimeKernelNs = 2_000_000_000 },
                Memory = new WindowsContainerMemoryStatistics { MemoryUsageCommitBytes = 100, MemoryUsageCommitPeakBytes = 200, MemoryUsagePrivateWorkingSetBytes = 50 },
                Storage = new WindowsContainerStorageStatistics { ReadCountNormalized = 1, ReadSizeBytes = 2, WriteCountNormalized = 3, WriteSizeBytes = 4 },
            },
        };
        ContainerMetrics metrics = Map(WindowsType, wire);
        Assert.Equal("Windows", metrics.Source);
        Assert.Equal((TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)), (metrics.CpuTime, metrics.CpuUserTime, metrics.CpuSystemTime));
        Assert.Equal((100L, 50L, 200L), (metrics.MemoryUsage, metrics.MemoryWorkingSet, metrics.MemoryPeak));
        Assert.Equal((2L, 4L, 1L, 3L), (metrics.ReadBytes, metrics.WriteBytes, metrics.ReadOperations, metrics.WriteOperations));
        Assert.Null(metrics.Pids);
        Assert.Null(metrics.MemoryLimit);
        Assert.Null(metrics.SwapUsage);
    }

    [Fact]
    public void LinuxInAVirtualMachineOfWindows()
    {
        ContainerMetrics metrics = Map(WindowsType, new Statistics { Linux = Recorded, Vm = new VirtualMachineStatistics() });
        Assert.Equal("cgroup v1 in a VM", metrics.Source);
        Assert.Equal(64 << 20, metrics.MemoryLimit);
        Assert.Contains("\"vm\"", metrics.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void RatesAreThoseBetweenTwoSamples()
    {
        ContainerMetrics before = Map(V1Type, Recorded);
        V1.Metrics wire = Recorded.Clone();
        wire.Cpu.Usage.Total += 3_000_000_000;
        wire.Blkio.IoServiceBytesRecursive[0].Value += 2048;
        ContainerMetrics after = Map(V1Type, wire, Moment.AddSeconds(2)).After(before);
        Assert.Equal(TimeSpan.FromSeconds(2), after.Interval);
        Assert.Equal(150, after.CpuPercent!.Value, 6);
        Assert.Equal(1024, after.ReadBytesPerSecond!.Value, 6);
        Assert.Equal(0, after.WriteBytesPerSecond!.Value, 6);
    }

    [Fact]
    public void ATaskStartedAnewIsNotComparedWithTheOneBefore()
    {
        ContainerMetrics before = Map(V1Type, Recorded);
        ContainerMetrics after = Map(V1Type, Recorded, Moment.AddSeconds(2), process: 43).After(before);
        Assert.Null(after.CpuPercent);
        Assert.Null(after.Interval);
    }

    [Fact]
    public void AFormThatIsNotKnownIsNamed()
    {
        var e = Assert.Throws<ContainerdException>(() => Map("example.org/Metrics", new V1.Metrics()));
        Assert.Equal("UnknownMetrics", e.Reason);
        Assert.Contains("example.org/Metrics", e.Message, StringComparison.Ordinal);
    }

    private ContainerMetrics Map(string type, IMessage message, DateTimeOffset? time = null, uint process = 42) => MetricsMapping.ToModel(
        Client,
        new Metric { Id = "web", Timestamp = Timestamp.FromDateTimeOffset(time ?? Moment), Data = new Any { TypeUrl = type, Value = message.ToByteString() } },
        new Process { Id = "web", Pid = process, Status = Status.Running });
}
