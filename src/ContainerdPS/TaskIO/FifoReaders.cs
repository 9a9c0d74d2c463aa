using System.Globalization;

namespace ContainerdPS.TaskIO;

/// <summary>Finds who has a fifo open for reading, by the descriptors of all processes.</summary>
internal static class FifoReaders
{
    private const int AccessMode = 3;
    private const int WriteOnly = 1;
    private const int PathOnly = 0x200000;

    /// <summary>
    /// A process that reads a fifo beside the shim, which has both its ends open, and this one; null when none is found.
    /// Those that only hold it for later readers (<see cref="KeptOutput"/>) say so by a lock and do not count.
    /// </summary>
    /// <returns>Its id and name, as in <c>1234 (ctr)</c>.</returns>
    public static string? Other(string fifo)
    {
        // The path as this process sees it may begin differently where the other one has a root of its own.
        string end = string.Concat("/", Path.GetFileName(Path.GetDirectoryName(fifo)), "/", Path.GetFileName(fifo));
        foreach (string process in Processes())
        {
            if (Reads(process, end))
            {
                return $"{Path.GetFileName(process)} ({Name(process)})";
            }
        }

        return null;
    }

    private static IEnumerable<string> Processes()
    {
        string own = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return Directory.EnumerateDirectories("/proc").Where(path => Path.GetFileName(path) is var name && char.IsAsciiDigit(name[0]) && name != own);
    }

    private static bool Reads(string process, string end)
    {
        bool reads = false;
        try
        {
            foreach (string descriptor in Directory.EnumerateFileSystemEntries($"{process}/fd"))
            {
                if (File.ResolveLinkTarget(descriptor, returnFinalTarget: false)?.FullName is { } target && target.EndsWith(end, StringComparison.Ordinal))
                {
                    (int flags, bool isHeld) = Open($"{process}/fdinfo/{Path.GetFileName(descriptor)}");
                    if ((flags & PathOnly) == 0)
                    {
                        if ((flags & AccessMode) == WriteOnly)
                        {
                            return false;
                        }

                        reads |= !isHeld;
                    }
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile, or is not ours to look into.
        }

        return reads;
    }

    /// <summary>How a descriptor is open, and whether it holds a shared lock.</summary>
    private static (int Flags, bool IsHeld) Open(string path)
    {
        int flags = PathOnly;
        bool isHeld = false;
        foreach (string line in File.ReadLines(path))
        {
            if (line.StartsWith("flags:", StringComparison.Ordinal))
            {
                flags = Convert.ToInt32(line["flags:".Length..].Trim(), 8);
            }

            isHeld |= line.StartsWith("lock:", StringComparison.Ordinal) && line.Contains("FLOCK", StringComparison.Ordinal) && line.Contains("READ", StringComparison.Ordinal);
        }

        return (flags, isHeld);
    }

    private static string Name(string process)
    {
        try
        {
            return File.ReadAllText($"{process}/comm").TrimEnd();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "ended";
        }
    }
}
