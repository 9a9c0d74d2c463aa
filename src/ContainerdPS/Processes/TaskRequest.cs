using ContainerdPS.Wire.RuncOptions;
using ContainerdPS.Wire.Types;

namespace ContainerdPS.Processes;

/// <summary>How a task is to be created, beyond what its container says.</summary>
internal sealed record TaskRequest
{
    /// <summary>Both outputs are appended to this file of the daemon's host.</summary>
    public string? LogPath { get; init; }

    /// <summary>Both outputs go to this <c>file://</c> or <c>binary://</c> URI.</summary>
    public string? LogUri { get; init; }

    /// <summary>The streams are fifos that stay for whoever attaches later.</summary>
    public bool Attachable { get; init; }

    /// <summary>The directory for fifos; null for the daemon's own.</summary>
    public string? FifoDirectory { get; init; }

    /// <summary>Mounts of the root filesystem that come after the snapshot's.</summary>
    public IReadOnlyList<Mount> Mounts { get; init; } = [];

    /// <summary>Changes the container's runtime options for this task.</summary>
    public Action<Options>? RuntimeOptions { get; init; }

    /// <summary>The folder that these have CRIU work in; null for its own.</summary>
    public string? CriuFolder
    {
        get
        {
            var options = new Options();
            RuntimeOptions?.Invoke(options);
            return options.CriuWorkPath.Length > 0 ? options.CriuWorkPath : null;
        }
    }

    /// <summary>The process dump the task is restored from.</summary>
    public ContentDescriptor? Checkpoint { get; init; }
}
