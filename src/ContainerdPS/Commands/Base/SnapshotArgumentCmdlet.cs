using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Transformation;

namespace ContainerdPS.Commands;

/// <summary>The base of cmdlets that work on snapshots and take an argument after them, which is the first where the snapshots are piped.</summary>
public abstract class SnapshotArgumentCmdlet : SnapshotOperandCmdlet
{
    /// <inheritdoc/>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Snapshot", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 0, ParameterSetName = "InputObject", DontShow = true)]
    [Alias("Key")]
    [ArgumentTextTransformation(TakesBlobs = true)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(SnapshotCompleter))]
    public override ContainerSnapshotReference[] Snapshot { get; set; } = [];

    /// <summary>
    /// <para>The snapshots, by key or as objects, as they are piped. What stands first on the command line is then the argument after the snapshots.</para>
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "InputObject", ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerSnapshotReference[]? InputObject { get; set; }

    /// <summary>The name of the parameter after the snapshots.</summary>
    private protected abstract string ArgumentName { get; }

    /// <summary>Whether it has to be given.</summary>
    private protected virtual bool IsArgumentRequired => true;

    /// <summary>What stood first on the command line where the snapshots are piped.</summary>
    private protected ContainerSnapshotReference[]? Argument { get; private set; }

    private protected sealed override ContainerSnapshotReference[] Operands()
    {
        (ContainerSnapshotReference[] operands, Argument) = PipedOperands.Split(this, Snapshot, InputObject, ArgumentName, IsArgumentRequired);
        return operands;
    }
}
