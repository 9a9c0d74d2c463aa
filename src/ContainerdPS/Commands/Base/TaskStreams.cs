using System.Management.Automation;
using ContainerdPS.Processes;

namespace ContainerdPS.Commands;

/// <summary>Where the parameters of a cmdlet that creates tasks send their streams.</summary>
internal sealed record TaskStreams(string? LogPath, string? LogUri, bool Attachable, string? FifoDirectory = null)
{
    /// <summary>Whether any of them is given.</summary>
    public bool IsGiven => Count > 0 || FifoDirectory is not null;

    private int Count => (LogPath is null ? 0 : 1) + (LogUri is null ? 0 : 1) + (Attachable ? 1 : 0);

    /// <summary>Each says where the output goes, so that one can be given: no object of the pipeline changes that.</summary>
    /// <param name="cmdlet">The cmdlet whose parameters they are.</param>
    /// <param name="makesTask">Whether it will create a task at all.</param>
    public void Refuse(PSCmdlet cmdlet, bool makesTask = true)
    {
        if (Count > 1 || (IsGiven && !makesTask))
        {
            cmdlet.ThrowTerminatingError(Pipeline.ErrorRecords.From(
                new ContainerdException(
                    ContainerdErrorCode.InvalidArgument,
                    Count > 1
                        ? "-LogPath, -LogUri and -Attachable each say where the output goes. Give one of them."
                        : "-LogPath, -LogUri and -Attachable are about a task, and only -Live makes one.") { Reason = "ConflictingStreams" },
                null,
                null));
        }
    }

    /// <summary>What they ask for, with paths as the shell takes them.</summary>
    public TaskRequest ToRequest(PSCmdlet cmdlet) => new()
    {
        LogPath = LogPath is null ? null : ShellPath.Resolve(cmdlet, LogPath),
        LogUri = LogUri,
        Attachable = Attachable,
        FifoDirectory = FifoDirectory is null ? null : ShellPath.Resolve(cmdlet, FifoDirectory),
    };
}
