using System.Management.Automation;

namespace ContainerdPS.Transformation;

/// <summary>
/// Refuses a script block for a text that is the same for all input. The engine would take the text of the script itself
/// for it: a parameter that is not bound from the pipeline has no <c>$_</c> to run it with.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PlainTextAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is ScriptBlock script
            ? throw new ArgumentTransformationMetadataException($"A script block, {{{script}}}, is given where a text is wanted that is the same for all input. To make one of each, call the command for each, with ForEach-Object.")
            : inputData;
}
