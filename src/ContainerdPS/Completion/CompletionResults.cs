using System.Management.Automation;
using System.Management.Automation.Language;

namespace ContainerdPS.Completion;

/// <summary>Makes completion results: what matches what was typed, quoted where it must be.</summary>
internal static class CompletionResults
{
    public static IEnumerable<CompletionResult> Matching(string wordToComplete, IEnumerable<(string Text, string ToolTip)> candidates)
    {
        string typed = wordToComplete.Trim('\'', '"');
        var pattern = WildcardPattern.Get(WildcardPattern.ContainsWildcardCharacters(typed) ? typed : WildcardPattern.Escape(typed) + "*", WildcardOptions.IgnoreCase);
        foreach ((string text, string toolTip) in candidates)
        {
            if (pattern.IsMatch(text))
            {
                yield return new CompletionResult(Quoted(text, wordToComplete), text, CompletionResultType.ParameterValue, toolTip.Length > 0 ? toolTip : text);
            }
        }
    }

    private static string Quoted(string text, string typed)
    {
        bool plain = typed.Length == 0 || typed[0] is not ('\'' or '"');
        foreach (char c in text)
        {
            plain &= char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '/' or ':';
        }

        return plain ? text : $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";
    }
}
