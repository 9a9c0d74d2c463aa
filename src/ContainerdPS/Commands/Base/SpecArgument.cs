using System.Collections;
using System.Collections.ObjectModel;
using System.Management.Automation;
using ContainerdPS.Oci;
using ContainerdPS.Pipeline;

namespace ContainerdPS.Commands;

/// <summary>What -Spec takes: a whole spec, its JSON, or a script block that changes one.</summary>
internal sealed class SpecArgument
{
    private readonly ScriptBlock? script;

    private SpecArgument(RuntimeSpec? whole, ScriptBlock? script)
    {
        Whole = whole;
        this.script = script;
    }

    /// <summary>The spec given; null where a script block changes one.</summary>
    public RuntimeSpec? Whole { get; }

    /// <summary>Reads the argument.</summary>
    /// <exception cref="ContainerdException">It is none of these; for JSON the message names line and position.</exception>
    public static SpecArgument Parse(object? given) => Unwrapped(given) switch
    {
        ScriptBlock script => new SpecArgument(null, script),
        RuntimeSpec spec => new SpecArgument(spec, null),
        string json => new SpecArgument(FromJson(json), null),
        // A file's lines, as Get-Content gives them.
        object[] { Length: > 0 } lines when Array.TrueForAll(lines, static line => Unwrapped(line) is string) =>
            new SpecArgument(FromJson(string.Join('\n', lines)), null),
        null => throw Invalid("-Spec is null; it takes", null),
        ICollection { Count: 0 } => throw Invalid("-Spec is empty; it takes", null),
        var other => throw Invalid("-Spec takes", $", not a {other.GetType().Name}"),
    };

    /// <summary>Has the script change the spec. What it writes is used where that is a spec; otherwise the one it changed.</summary>
    /// <param name="spec">The spec the script gets.</param>
    /// <param name="outcome">What its failure means, such as <c>nothing was made</c>.</param>
    public RuntimeSpec Run(RuntimeSpec spec, string outcome)
    {
        Collection<PSObject> written;
        try
        {
            written = PipelinePump.Outside(() => new Collection<PSObject>([.. script!.InvokeWithContext(null, [new PSVariable("_", spec)], spec)]));
        }
        catch (RuntimeException e)
        {
            throw new ContainerdException(
                ContainerdErrorCode.InvalidArgument,
                $"The script block of -Spec failed, and {outcome}: {e.InnerException?.Message ?? e.Message}", e) { Reason = "SpecScriptFailed" };
        }

        if (written.LastOrDefault(static item => item?.BaseObject is RuntimeSpec)?.BaseObject is RuntimeSpec given)
        {
            return given;
        }

        // What a changed list answers, such as True, is no try to give a spec; text and objects are.
        return written.FirstOrDefault(static item => item?.BaseObject is not (null or ValueType)) is { } other
            ? throw new ContainerdException(
                ContainerdErrorCode.InvalidArgument,
                $"The script block of -Spec wrote '{other}' ({other.BaseObject.GetType().Name}), which is no spec, and {outcome}. Change the spec in $_, or write a spec of Get-ContainerSpec; what else a command writes goes to $null.") { Reason = "InvalidSpec" }
            : spec;
    }

    private static RuntimeSpec FromJson(string json)
    {
        try
        {
            return RuntimeSpec.FromJson(json);
        }
        catch (ContainerdException e)
        {
            throw new ContainerdException(e.Code, e.Message, e) { Reason = "InvalidSpec" };
        }
    }

    private static object? Unwrapped(object? given) => given is PSObject wrapped ? wrapped.BaseObject : given;

    private static ContainerdException Invalid(string start, string? end) => new(
        ContainerdErrorCode.InvalidArgument,
        $"{start} a spec from Get-ContainerSpec, its JSON, or a script block that changes the spec in $_{end}.") { Reason = "InvalidSpec" };
}
