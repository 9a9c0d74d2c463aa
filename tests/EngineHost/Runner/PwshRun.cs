using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;

namespace EngineHost.Runner;

/// <summary>The runner in a real pwsh that has no Pester: its engine, its commands, its host; of ours only the words of the test files.</summary>
public static class PwshRun
{
    /// <summary>Discovers and runs one file; returns the exit code.</summary>
    public static int Start(PSHost host, string path)
    {
        ArgumentNullException.ThrowIfNull(host);
        var state = InitialSessionState.CreateDefault2();
        Discovery.Register(state);
        using var runspace = RunspaceFactory.CreateRunspace(host, state);
        runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
        runspace.Open();
        var outer = Runspace.DefaultRunspace;
        Runspace.DefaultRunspace = runspace;
        try
        {
            var options = new TestOptions();
            options.Paths.Add(path);
            return TestRun.Start(new PwshShell(host, runspace), options);
        }
        finally
        {
            Runspace.DefaultRunspace = outer;
        }
    }

    private sealed class PwshShell(PSHost host, Runspace runspace) : ITestShell
    {
        public PSHostUserInterface UI => host.UI;

        public bool RunScript(string text, object argument)
        {
            using var shell = PowerShell.Create(runspace);
            shell.AddScript(text, useLocalScope: true).AddArgument(argument).AddCommand("Out-Default");
            try
            {
                _ = shell.Invoke();
                return true;
            }
            catch (RuntimeException e)
            {
                host.UI.WriteErrorLine(e.ToString());
                return false;
            }
        }

        public ErrorRecord? RunQuietly(string text, object argument)
        {
            using var shell = PowerShell.Create(runspace);
            try
            {
                _ = shell.AddScript(text, useLocalScope: true).AddArgument(argument).Invoke();
                foreach (var error in shell.Streams.Error)
                {
                    host.UI.WriteErrorLine(error.ToString());
                }

                return null;
            }
            catch (RuntimeException e)
            {
                return e.ErrorRecord;
            }
        }
    }
}
