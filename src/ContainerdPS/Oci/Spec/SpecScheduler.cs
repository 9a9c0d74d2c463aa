using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>Scheduler policy of a process (sched_setattr).</summary>
public sealed class SpecScheduler
{
    /// <summary>Policy, such as <c>SCHED_OTHER</c>, <c>SCHED_FIFO</c>, <c>SCHED_DEADLINE</c>.</summary>
    public string? Policy { get; set; }

    /// <summary>Nice value, -20 to 19.</summary>
    public int? Nice { get; set; }

    /// <summary>Static priority for the real-time policies.</summary>
    public int? Priority { get; set; }

    /// <summary>Flags, such as <c>SCHED_FLAG_RESET_ON_FORK</c>.</summary>
    public List<string>? Flags { get; set; }

    /// <summary>Time to run in each period, in nanoseconds (deadline policy).</summary>
    public ulong? Runtime { get; set; }

    /// <summary>Time after the start of a period by which the work is done, in nanoseconds (deadline policy).</summary>
    public ulong? Deadline { get; set; }

    /// <summary>Length of a period, in nanoseconds (deadline policy).</summary>
    public ulong? Period { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
