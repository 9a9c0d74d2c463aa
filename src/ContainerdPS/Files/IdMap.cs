using System.Globalization;
using ContainerdPS.Oci;

namespace ContainerdPS.Files;

/// <summary>How the user or group ids inside a root appear on this machine: shifted by a user namespace, or the same.</summary>
internal sealed class IdMap
{
    /// <summary>What the kernel shows for an id that a user namespace does not have.</summary>
    private const uint Overflow = 65534;

    private readonly (uint Inside, uint Outside, uint Count)[] ranges;

    private IdMap((uint Inside, uint Outside, uint Count)[] ranges) => this.ranges = ranges;

    /// <summary>The ids are the same on both sides.</summary>
    public static IdMap Same { get; } = new([(0, 0, uint.MaxValue)]);

    /// <summary>Whether ids are the same on both sides.</summary>
    public bool IsSame => ranges is [(0, 0, uint.MaxValue)];

    /// <summary>Reads the lines of /proc/PID/uid_map or gid_map: first id inside, first outside, how many.</summary>
    public static IdMap Parse(string text)
    {
        var ranges = new List<(uint, uint, uint)>();
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            uint[] numbers = line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static field => uint.Parse(field, CultureInfo.InvariantCulture)).ToArray();
            ranges.Add((numbers[0], numbers[1], numbers[2]));
        }

        return ranges.Count == 0 ? Same : new IdMap([.. ranges]);
    }

    /// <summary>Takes the mappings of a runtime spec; none is the same ids.</summary>
    public static IdMap From(IReadOnlyList<LinuxIdMapping>? mappings) => mappings is not { Count: > 0 }
        ? Same
        : new IdMap([.. mappings.Select(static mapping => (mapping.ContainerId ?? 0, mapping.HostId ?? 0, mapping.Size ?? 0))]);

    /// <summary>The id on this machine; null where the user namespace has no such id.</summary>
    public uint? ToOutside(uint inside)
    {
        foreach ((uint first, uint outside, uint count) in ranges)
        {
            if (inside >= first && inside - first < count)
            {
                return outside + (inside - first);
            }
        }

        return null;
    }

    /// <summary>The id inside, that of nobody where it has none.</summary>
    public uint ToInside(uint outside)
    {
        foreach ((uint inside, uint first, uint count) in ranges)
        {
            if (outside >= first && outside - first < count)
            {
                return inside + (outside - first);
            }
        }

        return Overflow;
    }
}
