using System.Collections.ObjectModel;
using System.Management.Automation;
using ContainerdPS.Pipeline;

namespace ContainerdPS.Commands;

/// <summary>Paths as the shell takes them: a relative one is relative to its location, which is not the process's folder.</summary>
internal static class ShellPath
{
    public static string Resolve(PSCmdlet cmdlet, string address) =>
        !OperatingSystem.IsWindows() && !address.Contains(':', StringComparison.Ordinal) && !Path.IsPathRooted(address) && !address.StartsWith('\\')
            ? File(cmdlet, address)
            : address;

    /// <summary>The file or folder of this machine that a path stands for, whether or not it is there.</summary>
    /// <exception cref="ContainerdException">InvalidArgument, NotAFilePath: it is a path of another provider, such as <c>env:</c>, by itself or by the shell's location.</exception>
    public static string File(PSCmdlet cmdlet, string path)
    {
        string found = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
        RefuseOther(provider, path);
        return found;
    }

    /// <summary>The files a path stands for, which may have wildcards; a path without any that is not there is told by whoever opens it.</summary>
    public static Collection<string> Files(PSCmdlet cmdlet, string path)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(path))
        {
            // As completion writes it: wildcards that stand for themselves are escaped.
            return [File(cmdlet, WildcardPattern.Unescape(path))];
        }

        // A folder that is not there is thrown; a pattern that nothing in its folder matches is not.
        Collection<string> found = [];
        ItemNotFoundException? missing = null;
        try
        {
            found = cmdlet.SessionState.Path.GetResolvedProviderPathFromPSPath(path, out ProviderInfo provider);
            RefuseOther(provider, path);
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

    private static void RefuseOther(ProviderInfo provider, string path)
    {
        if (provider.Name != "FileSystem")
        {
            throw new ContainerdException(
                ContainerdErrorCode.InvalidArgument,
                $"'{path}' is a path of the provider {provider.Name}, and not of a file or folder. Give one of the file system; a relative one is relative to the location of the shell.") { Reason = "NotAFilePath" };
        }
    }
}
