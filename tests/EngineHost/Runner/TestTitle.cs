using System.Management.Automation;
using System.Text.RegularExpressions;

namespace EngineHost.Runner;

/// <summary>Titles with placeholders: <c>adds &lt;a&gt; to &lt;b.Count&gt;</c>.</summary>
internal static partial class TestTitle
{
    /// <summary>A script that yields the title with each placeholder's value, or null when it has none.</summary>
    public static ScriptBlock? ToScript(string title)
    {
        if (!Placeholder().IsMatch(title))
        {
            return null;
        }

        var literal = title.Replace("$", "`$", StringComparison.Ordinal).Replace("\"", "`\"", StringComparison.Ordinal);
        return ScriptBlock.Create('"' + Placeholder().Replace(literal, "$$($$$1)") + '"');
    }

    // A backtick before the bracket takes its meaning away.
    [GeneratedRegex("(?<!`)<([^>^`]+)>")]
    private static partial Regex Placeholder();
}
