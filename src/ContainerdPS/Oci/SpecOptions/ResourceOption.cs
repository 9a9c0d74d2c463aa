using System.Globalization;

namespace ContainerdPS.Oci.SpecOptions;

/// <summary>Limits of memory, CPU and processes.</summary>
internal static class ResourceOption
{
    private const ulong CpuPeriod = 100_000;

    // The kernel refuses less than a millisecond of CPU time for each period.
    private const long LeastQuota = 1_000;
    private const long LeastShares = 2;
    private const long MostShares = 262_144;

    public static void Apply(RuntimeSpec spec, SpecRequest request)
    {
        SpecLinux linux = spec.Linux!;
        if (!string.IsNullOrEmpty(request.CgroupsPath))
        {
            linux.CgroupsPath = request.CgroupsPath;
        }

        if (request.OomScoreAdjustment is { } score)
        {
            spec.Process!.OomScoreAdj = score is >= -1000 and <= 1000
                ? score
                : throw Invalid.Value("InvalidOomScore", $"The out-of-memory score adjustment {score} is outside -1000 to 1000.");
        }

        Apply(linux.Resources ??= new LinuxResources(), request);
    }

    /// <summary>Sets only what the request limits, also for the update of a running task, which has limits already.</summary>
    public static void Apply(LinuxResources resources, SpecRequest request, bool isUpdate = false)
    {
        ApplyMemory(resources, request.MemoryLimit, request.MemorySwap, request.MemoryReservation, isUpdate);
        ApplyCpu(resources, request, isUpdate);
        if (request.PidsLimit is { } pids)
        {
            resources.Pids = pids is -1 or > 0
                ? new LinuxPids { Limit = pids }
                : throw Invalid.Value("InvalidPidsLimit", $"The limit of {pids} processes is not valid; it must be at least 1, or -1 for no limit.");
        }
    }

    private static void ApplyMemory(LinuxResources resources, long? limit, long? swap, long? reservation, bool isUpdate)
    {
        if (limit is null && swap is null && reservation is null)
        {
            return;
        }

        if (limit is <= 0 and not -1)
        {
            throw Invalid.Value("InvalidMemory", $"The memory limit of {limit} bytes is not valid; it must be above 0, or -1 for no limit.");
        }

        if (swap is <= 0 and not -1)
        {
            throw Invalid.Value("InvalidMemory", $"The swap limit of {swap} bytes is not valid; it must be above 0, or -1 for no limit.");
        }

        if (swap > 0 && (limit is -1 || (limit is null && !isUpdate) || swap < limit))
        {
            throw Invalid.Value("InvalidMemory", $"The swap limit of {swap} bytes counts memory and swap together: it needs a memory limit, and must not be below it ({limit?.ToString(CultureInfo.InvariantCulture) ?? "none"}).");
        }

        if (reservation is <= 0 and not -1 || limit > 0 && reservation > limit)
        {
            throw Invalid.Value("InvalidMemory", $"The memory reservation of {reservation} bytes is not valid; it must be above 0 and not above the memory limit ({limit?.ToString(CultureInfo.InvariantCulture) ?? "none"}).");
        }

        LinuxMemory memory = resources.Memory ??= new LinuxMemory();
        memory.Limit = limit ?? memory.Limit;
        memory.Swap = swap ?? memory.Swap;
        memory.Reservation = reservation ?? memory.Reservation;
    }

    private static void ApplyCpu(LinuxResources resources, SpecRequest request, bool isUpdate)
    {
        if (isUpdate && request.Cpu is -1)
        {
            LinuxCpu unlimited = resources.Cpu ??= new LinuxCpu();
            unlimited.Quota = -1;
            unlimited.Period = CpuPeriod;
        }
        else if (request.Cpu is { } cpu)
        {
            double quota = Math.Round(cpu * CpuPeriod);
            if (!(quota >= LeastQuota && quota <= long.MaxValue / 2))
            {
                throw Invalid.Value("InvalidCpu", $"{cpu.ToString(CultureInfo.InvariantCulture)} CPUs is not a valid limit; the least is 0.01.");
            }

            LinuxCpu limits = resources.Cpu ??= new LinuxCpu();
            limits.Quota = (long)quota;
            limits.Period = CpuPeriod;
        }

        if (request.CpuShares is { } shares)
        {
            (resources.Cpu ??= new LinuxCpu()).Shares = shares is >= LeastShares and <= MostShares
                ? (ulong)shares
                : throw Invalid.Value("InvalidCpu", $"CPU shares of {shares} are outside {LeastShares} to {MostShares}.");
        }

        if (!string.IsNullOrEmpty(request.CpuSet))
        {
            (resources.Cpu ??= new LinuxCpu()).Cpus = CheckList(request.CpuSet, "CPUs");
        }

        if (!string.IsNullOrEmpty(request.MemoryNodes))
        {
            (resources.Cpu ??= new LinuxCpu()).Mems = CheckList(request.MemoryNodes, "memory nodes");
        }
    }

    private static string CheckList(string list, string what)
    {
        foreach (string range in list.Split(','))
        {
            string[] ends = range.Split('-');
            if (ends.Length > 2 || !TryNumber(ends[0], out int first) || !TryNumber(ends[^1], out int last) || first > last)
            {
                throw Invalid.Value("InvalidCpu", $"'{list}' is not a list of {what}; it looks like 0-3,7.");
            }
        }

        return list;

        static bool TryNumber(string text, out int number) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
