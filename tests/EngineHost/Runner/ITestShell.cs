using System.Management.Automation;
using System.Management.Automation.Host;

namespace EngineHost.Runner;

/// <summary>What the runner asks of the shell it works in.</summary>
internal interface ITestShell
{
    /// <summary>Where results are written.</summary>
    PSHostUserInterface UI { get; }

    /// <summary>Runs a script of ours with one argument in a scope of its own, with its output going to the host.</summary>
    /// <returns>Whether it came to its end.</returns>
    bool RunScript(string text, object argument);

    /// <summary>Runs a script of ours and drops its output; returns what ended it, if an error did.</summary>
    ErrorRecord? RunQuietly(string text, object argument);
}
