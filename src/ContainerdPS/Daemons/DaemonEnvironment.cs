using System.Collections;

namespace ContainerdPS.Daemons;

/// <summary>The environment variables a daemon, and with it its shims and runtimes, is given.</summary>
internal static class DaemonEnvironment
{
    public static List<string> For(
        PrivateDaemonOptions options, DaemonFolder folder, DaemonBinaries binaries)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        // The shell's service manager waits for word from the shell, not from this daemon.
        variables.Remove("NOTIFY_SOCKET");
        variables["PATH"] = binaries.SearchPath;
        variables["TMPDIR"] = folder.Temporary;
        foreach (var (name, value) in options.EnvironmentVariables ?? new Dictionary<string, string?>())
        {
            if (value is null)
            {
                variables.Remove(name);
            }
            else
            {
                variables[name] = value;
            }
        }

        return variables.Select(variable => $"{variable.Key}={variable.Value}").ToList();
    }
}
