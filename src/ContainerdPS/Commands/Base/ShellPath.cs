using System.Collections.ObjectModel;
using System.Management.Automation;
using ContainerdPS.Pipeline;

namespace ContainerdPS.Commands;

/// <summary>Paths as the shell takes them: a relative one is relative to its location, which is not the process's folder.</summary>
internal static class ShellPath
{
    public static string Resolve(PSCmdlet cmdlet, string address) =>
        !OperatingSystem.IsWindows() && !address.Contains(':', StringComparison.Ordinal) && !Path.IsPathRooted(address) && !address.StartsWith('\\')
            ? cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(address)
            : address;

    /// <summary>The files a path stands for, which may have wildcards; a path without any that is not there is told by whoever opens it.</summary>
    public static Collection<string> Files(PSCmdlet cmdlet, string path)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(path))
        {
            // As completion writes it: wildcards that stand for themselves are escaped.
            return [cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(WildcardPattern.Unescape(path))];
        }

        // A folder that is not there is thrown; a pattern that nothing in its folder matches is not.
        Collection<string> found = [];
        ItemNotFoundException? missing = null;
        try
        {
            found = cmdlet.SessionState.Path.GetResolvedProviderPathFromPSPath(path, out _);
        }
        catch (ItemNotFoundException e)
        {
            missing = e;
        }

        if (found.Count == 0)
        {
            var failure = new ContainerdException(ContainerdErrorCode.NotFound, $"No file matches '{path}'. -LiteralPath takes a path with [, ] or * in it as it is.", missing) { Reason = "FileNotFound" };
            PipelinePump.Outside(() => cmdlet.WriteError(ErrorRecords.From(failure, path, null)));
        }

        return found;
    }
}
