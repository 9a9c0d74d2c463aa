using System.Management.Automation;
using ContainerdPS.Completion;

namespace ContainerdPS.Commands;

/// <summary>The base of cmdlets that work on images and take an argument after them, which is the first where the images are piped.</summary>
public abstract class ImageArgumentCmdlet : ImageOperandCmdlet
{
    /// <inheritdoc/>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Image", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 0, ParameterSetName = "InputObject", DontShow = true)]
    [Alias("Name")]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public override ContainerImageReference[] Image { get; set; } = [];

    /// <summary>
    /// <para>The images, by name or as objects, as they are piped. What stands first on the command line is then the argument after the images.</para>
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "InputObject", ValueFromPipeline = true)]
    [ValidateNotNull]
    public virtual ContainerImageReference[]? InputObject { get; set; }

    /// <summary>The name of the parameter after the images.</summary>
    private protected abstract string ArgumentName { get; }

    /// <summary>Whether it has to be given.</summary>
    private protected virtual bool IsArgumentRequired => true;

    /// <summary>What stood first on the command line where the images are piped.</summary>
    private protected ContainerImageReference[]? Argument { get; private set; }

    private protected sealed override ContainerImageReference[] Operands()
    {
        (ContainerImageReference[] operands, Argument) = PipedOperands.Split(this, Image, InputObject, ArgumentName, IsArgumentRequired);
        return operands;
    }
}
