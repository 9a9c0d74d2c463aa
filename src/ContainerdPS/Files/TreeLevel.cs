using ContainerdPS.Native;
using Microsoft.Win32.SafeHandles;

namespace ContainerdPS.Files;

/// <summary>One folder of a tree that is being copied, open on both sides.</summary>
internal sealed class TreeLevel(SafeFileHandle from, FileStatus status, SafeFileHandle to) : IDisposable
{
    public SafeFileHandle From => from;

    public FileStatus Status => status;

    public SafeFileHandle To => to;

    /// <summary>Its names that are still to be copied; null where what it holds is left out.</summary>
    public FolderEntries? Names { get; init; }

    /// <summary>Where it was found, for messages.</summary>
    public required string SourcePath { get; init; }

    /// <summary>Where it goes, for messages.</summary>
    public required string Path { get; init; }

    /// <summary>The same below the top of the tree; empty for the top.</summary>
    public required string Below { get; init; }

    /// <summary>Whether it was made by this copy: one that was there keeps its owner, permissions and time.</summary>
    public bool IsMade { get; init; }

    public void Dispose()
    {
        from.Dispose();
        to.Dispose();
    }
}
