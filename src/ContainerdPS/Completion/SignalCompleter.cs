using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ContainerdPS.Processes;

namespace ContainerdPS.Completion;

/// <summary>Completes the names of signals.</summary>
internal sealed class SignalCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        bool prefixed = wordToComplete.Trim('\'', '"').StartsWith("SIG", StringComparison.OrdinalIgnoreCase);
        return CompletionResults.Matching(
            wordToComplete,
            Signal.All.OrderBy(static signal => signal.Name, StringComparer.Ordinal).Select(signal => (prefixed ? signal.Name : signal.Name[3..], $"{signal.Name} ({signal.Number})")));
    }
}
