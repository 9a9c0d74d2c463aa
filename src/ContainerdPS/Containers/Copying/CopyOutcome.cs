namespace ContainerdPS.Containers.Copying;

/// <summary>What has become of one copy.</summary>
internal sealed class CopyOutcome
{
    /// <summary>What is at the destination now: items of a container, or FileInfo and DirectoryInfo.</summary>
    public List<object> Items { get; } = [];

    /// <summary>What was copied, in a line each.</summary>
    public List<string> Summaries { get; } = [];

    /// <summary>What the user should know.</summary>
    public List<string> Notices { get; } = [];

    /// <summary>What failed.</summary>
    public List<ContainerdException> Failures { get; } = [];
}
