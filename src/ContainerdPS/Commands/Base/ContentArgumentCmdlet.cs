using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Transformation;

namespace ContainerdPS.Commands;

/// <summary>The base of cmdlets that work on blobs and take an argument after them, which is the first where the blobs are piped.</summary>
public abstract class ContentArgumentCmdlet : ContentOperandCmdlet
{
    /// <inheritdoc/>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Content", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 0, ParameterSetName = "InputObject", DontShow = true)]
    [Alias("Digest")]
    [ArgumentTextTransformation]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ContentCompleter))]
    public override ContainerdContentReference[] Content { get; set; } = [];

    /// <summary>
    /// <para>The blobs, by digest or as objects, as they are piped. What stands first on the command line is then the argument after the blobs.</para>
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "InputObject", ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerdContentReference[]? InputObject { get; set; }

    /// <summary>The name of the parameter after the blobs.</summary>
    private protected abstract string ArgumentName { get; }

    /// <summary>Whether it has to be given.</summary>
    private protected virtual bool IsArgumentRequired => true;

    /// <summary>What stood first on the command line where the blobs are piped.</summary>
    private protected ContainerdContentReference[]? Argument { get; private set; }

    private protected sealed override ContainerdContentReference[] Operands()
    {
        (ContainerdContentReference[] operands, Argument) = PipedOperands.Split(this, Content, InputObject, ArgumentName, IsArgumentRequired);
        return operands;
    }
}
