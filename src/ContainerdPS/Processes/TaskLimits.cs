using ContainerdPS.Oci;
using ContainerdPS.Oci.SpecOptions;

namespace ContainerdPS.Processes;

/// <summary>What is to change in the limits of a task.</summary>
internal sealed record TaskLimits
{
    /// <summary>Limits by name; null means unchanged.</summary>
    public required SpecRequest Named { get; init; }

    /// <summary>Resources as JSON, under those by name; null for none.</summary>
    public byte[]? Resources { get; init; }

    /// <summary>Whether <see cref="Resources"/> are those of Windows; null when the container says.</summary>
    public bool? IsWindows { get; init; }

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether a memory limit below what is in use is set all the same.</summary>
    public bool Force { get; init; }

    /// <summary>Whether the container's spec is changed as well, for its next task.</summary>
    public bool Persist { get; init; }

    public bool HasNamed => Named is not
    {
        MemoryLimit: null,
        MemorySwap: null,
        MemoryReservation: null,
        Cpu: null,
        CpuShares: null,
        CpuSet: null,
        MemoryNodes: null,
        PidsLimit: null,
    };

    /// <summary>What a Linux task is updated with.</summary>
    /// <exception cref="ContainerdException">InvalidArgument: a limit that cannot be.</exception>
    public LinuxResources ToLinux()
    {
        LinuxResources resources = Resources is { } json ? SpecJson.ParseResources(json) : new LinuxResources();
        try
        {
            ResourceOption.Apply(resources, Named, isUpdate: true);
        }
        catch (ContainerdException e)
        {
            throw Invalid(e.Message, e);
        }

        if (Named.MemoryLimit > 0 || Named.MemorySwap > 0)
        {
            // cgroup v2 would rather kill processes than refuse a limit they are over.
            resources.Memory!.CheckBeforeUpdate ??= !Force;
        }

        return resources;
    }

    /// <summary>What a Windows task is updated with.</summary>
    /// <exception cref="ContainerdException">InvalidArgument: a limit that Windows does not have.</exception>
    public WindowsResources ToWindows()
    {
        WindowsResources resources = Resources is { } json ? SpecJson.ParseWindowsResources(json) : new WindowsResources();
        if (Named is not { MemorySwap: null, MemoryReservation: null, CpuSet: null, MemoryNodes: null, PidsLimit: null })
        {
            throw Invalid("Windows containers have limits of memory (-Memory) and processors (-Cpu, -CpuShares) only. -Resource takes everything else their runtime knows.");
        }

        if (Named.MemoryLimit is { } memory)
        {
            (resources.Memory ??= new WindowsMemory()).Limit = memory > 0 ? (ulong)memory : throw Invalid($"The memory limit of {memory} bytes is not valid; it must be above 0.");
        }

        if (Named.Cpu is { } cpu)
        {
            (resources.Cpu ??= new WindowsCpu()).Count = cpu >= 1 && cpu == Math.Floor(cpu)
                ? (ulong)cpu
                : throw Invalid($"{cpu.ToString(System.Globalization.CultureInfo.InvariantCulture)} CPUs is not a valid limit: Windows containers get whole ones.");
        }

        if (Named.CpuShares is { } shares)
        {
            (resources.Cpu ??= new WindowsCpu()).Shares = shares is >= 1 and <= 10_000
                ? (ushort)shares
                : throw Invalid($"CPU shares of {shares} are outside 1 to 10000, which Windows takes.");
        }

        return resources;
    }

    private static ContainerdException Invalid(string message, Exception? inner = null) =>
        new(ContainerdErrorCode.InvalidArgument, message, inner) { Reason = "InvalidLimit" };
}
