using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Transformation;

namespace ContainerdPS.Commands;

/// <summary>The base of cmdlets that work on containers and take an argument after them, which is the first where the containers are piped.</summary>
public abstract class ContainerArgumentCmdlet : ContainerOperandCmdlet
{
    /// <inheritdoc/>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Container", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 0, ParameterSetName = "InputObject", DontShow = true)]
    [Alias("Id")]
    [ArgumentTextTransformation]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    public override ContainerReference[] Container { get; set; } = [];

    /// <summary>
    /// <para>The containers, by id or as objects, as they are piped. What stands first on the command line is then the argument after the containers.</para>
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "InputObject", ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerReference[]? InputObject { get; set; }

    /// <summary>The name of the parameter after the containers.</summary>
    private protected abstract string ArgumentName { get; }

    /// <summary>Whether it has to be given.</summary>
    private protected virtual bool IsArgumentRequired => true;

    /// <summary>What stood first on the command line where the containers are piped.</summary>
    private protected ContainerReference[]? Argument { get; private set; }

    private protected sealed override ContainerReference[] Operands()
    {
        (ContainerReference[] operands, Argument) = PipedOperands.Split(this, Container, InputObject, ArgumentName, IsArgumentRequired);
        return operands;
    }
}
