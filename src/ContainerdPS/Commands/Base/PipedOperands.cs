using System.Management.Automation;
using ContainerdPS.Transformation;

namespace ContainerdPS.Commands;

/// <summary>
/// Objects that are named, or piped with an argument after them. The engine binds the command line before it looks at the
/// pipeline, so that where objects are piped the first argument is bound to the parameter that would name them.
/// </summary>
internal static class PipedOperands
{
    /// <summary>Tells the objects from the argument.</summary>
    /// <param name="cmdlet">The command.</param>
    /// <param name="named">What the parameter for names has.</param>
    /// <param name="piped">What was piped to be worked on; null for what was named.</param>
    /// <param name="argument">The name of the parameter that comes after the objects.</param>
    /// <param name="required">Whether it has to be given.</param>
    /// <returns>The objects, and what stood first where they were piped; null where nothing did.</returns>
    /// <exception cref="ContainerdException">They are given twice, or the argument is not.</exception>
    public static (T[] Operands, T[]? Argument) Split<T>(PSCmdlet cmdlet, T[] named, T[]? piped, string argument, bool required)
        where T : ContainerdReference
    {
        if (piped is null)
        {
            return (named, null);
        }

        bool given = cmdlet.MyInvocation.BoundParameters.ContainsKey(argument);
        return (named.Length > 0, given) switch
        {
            (true, true) => throw Invalid("InputGivenTwice", $"'{string.Join("', '", named.AsEnumerable())}' is given, and more is piped: what shall be worked on? Name it, or pipe it."),
            (false, false) when required => throw Invalid($"{argument}Required", $"-{argument} is not given. Give it, by its name or as the first argument."),
            (false, _) => (piped, null),
            _ => (piped, named),
        };
    }

    /// <summary>The one value of an argument that takes no more.</summary>
    /// <exception cref="ContainerdException">There are several.</exception>
    public static T Only<T>(T[] values, string argument) => values is [var only]
        ? only
        : throw Invalid("TooManyArguments", $"-{argument} takes one value, and these are {values.Length}: '{string.Join("', '", values)}'.");

    /// <summary>A value as it was written.</summary>
    public static string Text(ContainerdReference value) => value.Source as string ?? value.ToString();

    /// <summary>The one value of an argument that takes no more, as it was written.</summary>
    /// <exception cref="ContainerdException">There are several.</exception>
    public static string OnlyText<T>(T[] values, string argument)
        where T : ContainerdReference => Text(Only(values, argument));

    /// <summary>The labels of an argument.</summary>
    /// <exception cref="ContainerdException">One has no value.</exception>
    public static Dictionary<string, string?> Labels(IEnumerable<ContainerdReference> values)
    {
        try
        {
            return LabelTransformationAttribute.Read(values.Select(Text));
        }
        catch (ArgumentTransformationMetadataException e)
        {
            throw Invalid("InvalidLabel", e.Message);
        }
    }

    private static ContainerdException Invalid(string reason, string message) => new(ContainerdErrorCode.InvalidArgument, message) { Reason = reason };
}
