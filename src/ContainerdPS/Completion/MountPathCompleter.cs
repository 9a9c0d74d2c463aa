using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ContainerdPS.Mounts;

namespace ContainerdPS.Completion;

/// <summary>Completes the folders at which snapshots and images are mounted; where none fits, the shell offers its files.</summary>
internal sealed class MountPathCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            return CompletionResults.Matching(
                wordToComplete,
                MountRecords.All().OrderBy(static record => record.Path, StringComparer.Ordinal).Select(static record => (record.Path, $"{record.Path} ({record.Describe()})"))).ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
