using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using ContainerdPS.Pipeline;

namespace ContainerdPS.Completion;

/// <summary>Completes the ids of open sessions.</summary>
internal sealed class SessionCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionResults.Matching(
            wordToComplete,
            RunspaceSessions.Current.All.Select(static session => (session.Id.ToString(CultureInfo.InvariantCulture), $"{session.Address} ({session.Namespace})")));
}
