using System.Management.Automation;
using ContainerdPS.Pipeline;
using ContainerdPS.Processes;

namespace ContainerdPS.Commands;

/// <summary>Signals as parameters.</summary>
internal static class SignalParameter
{
    /// <summary>Reads one; a signal that does not exist ends the command before anything is done.</summary>
    public static Signal? Read(PSCmdlet cmdlet, string? text)
    {
        try
        {
            return text is null ? null : Signal.Parse(text);
        }
        catch (ContainerdException e)
        {
            cmdlet.ThrowTerminatingError(ErrorRecords.From(e, text, null));
            throw;
        }
    }
}
