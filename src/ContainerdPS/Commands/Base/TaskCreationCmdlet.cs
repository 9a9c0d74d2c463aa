using System.Collections;
using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Oci;
using ContainerdPS.Oci.SpecOptions;
using ContainerdPS.Processes;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>The base of cmdlets that create tasks: where their streams go and what else they are made with.</summary>
public abstract class TaskCreationCmdlet : TaskCmdlet
{
    /// <summary>
    /// <para>A file on the daemon's host to which the daemon appends both outputs; Get-ContainerLog reads it. It is made when it is missing.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogPath { get; set; }

    /// <summary>
    /// <para>Where the daemon sends both outputs: file:///path, or binary:///path?key=value for a program of its host that takes them.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogUri { get; set; }

    /// <summary>
    /// <para>Keeps input and output for Receive-ContainerTask and Enter-ContainerTask. What nobody reads waits, and so does the process once some 64 KiB wait. A task with a terminal is always like this unless it logs.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Attachable { get; set; }

    /// <summary>
    /// <para>The folder for the fifos of an attachable task, on the daemon's host. Default: /run/containerd/fifo.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? FifoDirectory { get; set; }

    /// <summary>
    /// <para>Mounts of the root filesystem that come after those of the snapshot: 'type=overlay,source=overlay,options=lowerdir=/a:upperdir=/b:workdir=/c', or '/folder' to bind one.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? RootFileSystemMount { get; set; }

    /// <summary>
    /// <para>Options of the runc runtime for this task, over those of the container: @{ BinaryName = '/usr/bin/crun'; SystemdCgroup = $true }.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    public Hashtable? RuntimeOption { get; set; }

    /// <summary>
    /// <para>An image made by a checkpoint: the task is restored from the processes in it.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public ContainerImageReference? Checkpoint { get; set; }

    /// <summary>Whether a parameter says how the task is to be created.</summary>
    private protected bool SaysHow =>
        Streams.IsGiven || RootFileSystemMount is not null || RuntimeOption is not null || Checkpoint is not null;

    private TaskStreams Streams => new(LogPath, LogUri, Attachable, FifoDirectory);

    private protected override Task BeginAsync(CancellationToken cancellationToken)
    {
        Streams.Refuse(this);
        return Task.CompletedTask;
    }

    /// <summary>What the parameters ask for.</summary>
    private protected async Task<TaskRequest> RequestAsync(NamespaceClient client, CancellationToken cancellationToken) => Streams.ToRequest(this) with
    {
        Mounts = RootFileSystemMount?.Select(RootMount.Parse).ToArray() ?? [],
        RuntimeOptions = RuntimeOption is null ? null : RuntimeOptions.Change(RuntimeOption.Cast<DictionaryEntry>().Select(static option => ($"{option.Key}", Unwrapped(option.Value)))),
        Checkpoint = Checkpoint is null ? null : await TaskCheckpoint.FindAsync(client, Checkpoint.Name, cancellationToken),
    };

    private static object? Unwrapped(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
