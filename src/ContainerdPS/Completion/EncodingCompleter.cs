using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ContainerdPS.Transformation;

namespace ContainerdPS.Completion;

/// <summary>Completes the names of encodings.</summary>
internal sealed class EncodingCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionResults.Matching(wordToComplete, EncodingTransformationAttribute.Names.Select(static name => (name, string.Empty)));
}
