namespace ContainerdPS.Files;

/// <summary>What a copy has done so far. The numbers may be read while it runs.</summary>
/// <param name="whole">The tally this one is a part of; null for none.</param>
internal class CopyTally(CopyTally? whole = null)
{
    private const int MostNamed = 5;

    private readonly List<string> skipped = [];
    private int skippedCount;
    private long files;
    private long folders;
    private long links;
    private long bytes;
    private long expected;
    private int unbounded;

    public long Files => Interlocked.Read(ref files);

    public long Folders => Interlocked.Read(ref folders);

    /// <summary>Symbolic and further hard links.</summary>
    public long Links => Interlocked.Read(ref links);

    public long Bytes => Interlocked.Read(ref bytes);

    /// <summary>How much of it is done, in percent; -1 where that cannot be told.</summary>
    public int Percent => unbounded != 0 || Interlocked.Read(ref expected) is var all && all <= 0 ? -1 : (int)Math.Min(100, Bytes * 100 / all);

    /// <summary>What could not be copied while the rest was.</summary>
    public List<ContainerdException> Failures { get; } = [];

    /// <summary>Whether a file system at the destination did not take some extended attribute.</summary>
    public bool LostAttributes { get; set; }

    public void AddFile()
    {
        Interlocked.Increment(ref files);
        whole?.AddFile();
    }

    public void AddFolder()
    {
        Interlocked.Increment(ref folders);
        whole?.AddFolder();
    }

    public void AddLink()
    {
        Interlocked.Increment(ref links);
        whole?.AddLink();
    }

    public virtual void AddBytes(long count)
    {
        Interlocked.Add(ref bytes, count);
        whole?.AddBytes(count);
    }

    /// <summary>Says how much there is to copy; null where that is not known before.</summary>
    public void Expect(long? count)
    {
        Interlocked.Add(ref expected, count ?? 0);
        unbounded |= count is null ? 1 : 0;
        whole?.Expect(count);
    }

    /// <summary>Notes a device or a socket that was left out.</summary>
    public void Skip(string path)
    {
        skippedCount++;
        if (skipped.Count < MostNamed)
        {
            skipped.Add(path);
        }
    }

    /// <summary>What is to be said besides failures.</summary>
    public IEnumerable<string> Notices()
    {
        if (skippedCount > 0)
        {
            string more = skippedCount > skipped.Count ? $" and {skippedCount - skipped.Count} more" : string.Empty;
            yield return $"Devices and sockets are not copied: {string.Join(", ", skipped)}{more}.";
        }

        if (LostAttributes)
        {
            yield return "Some extended attributes (among them access lists and the capabilities of programs) were not kept: the file system at the destination does not take them.";
        }
    }

    /// <summary>Such as <c>12 files, 3 folders, 1 link, 34 KiB</c>.</summary>
    public override string ToString()
    {
        string text = Count(Files, "file");
        text += Folders > 0 ? $", {Count(Folders, "folder")}" : string.Empty;
        text += Links > 0 ? $", {Count(Links, "link")}" : string.Empty;
        return $"{text}, {Formatting.Size(Bytes)}";
    }

    private static string Count(long number, string noun) => $"{number} {noun}{(number == 1 ? string.Empty : "s")}";
}
