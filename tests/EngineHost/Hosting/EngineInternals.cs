using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace EngineHost.Hosting;

/// <summary>
/// The only places where this host reaches past the engine's public surface. pwsh's own assemblies are friends of
/// the engine and do the same things in plain code.
/// </summary>
internal static class EngineInternals
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    /// <summary>Lets <c>exit</c> in the next script file end the host instead of the script alone, as pwsh -File does.</summary>
    public static void RethrowExit(Runspace runspace)
    {
        var context = Member(runspace.GetType().GetProperty("ExecutionContext", Hidden)).GetValue(runspace)!;
        Member(context.GetType().GetProperty("ScriptCommandProcessorShouldRethrowExit", Hidden)).SetValue(context, true);
    }

    /// <summary>Gives a formatting command, whose base class is public, the engine's implementation of a shape.</summary>
    public static void Shape(FrontEndCommandBase command, string shape)
    {
        var engine = typeof(PSObject).Assembly;
        var shapes = Member(engine.GetType("Microsoft.PowerShell.Commands.Internal.Format.FormatShape"));
        var inner = Member(engine.GetType("Microsoft.PowerShell.Commands.Internal.Format.InnerFormatShapeCommand"));
        var implementation = Activator.CreateInstance(inner, Hidden, null, [Enum.Parse(shapes, shape)], null);
        Member(typeof(FrontEndCommandBase).GetField("implementation", Hidden)).SetValue(command, implementation);
    }

    /// <summary>The exception by which a command says that it wants no more input while the rest of the pipeline goes on.</summary>
    public static Exception StopUpstream(Cmdlet command)
    {
        var type = Member(typeof(PSObject).Assembly.GetType("System.Management.Automation.StopUpstreamCommandsException"));
        return (Exception)Activator.CreateInstance(type, Hidden, null, [command], null)!;
    }

    private static T Member<T>(T? member) where T : MemberInfo =>
        member ?? throw new MissingMemberException("This release of the engine package has other internals than the one this host was written for.");
}
