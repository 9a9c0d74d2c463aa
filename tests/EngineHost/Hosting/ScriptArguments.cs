using System.Management.Automation.Runspaces;

namespace EngineHost.Hosting;

/// <summary>Turns the words after -File PATH into parameters, the way pwsh reads them.</summary>
internal static class ScriptArguments
{
    public static void Add(CommandParameterCollection parameters, IReadOnlyList<string> words)
    {
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            if (word.Length < 2 || word[0] != '-' || !(char.IsLetter(word[1]) || word[1] == '_'))
            {
                parameters.Add(null, word);
                continue;
            }

            var colon = word.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
            {
                // A name with its dash and no value binds as typed: a switch, or what follows is its value.
                parameters.Add(word, null);
            }
            else if (colon == word.Length - 1 && i + 1 < words.Count)
            {
                parameters.Add(word[..colon], words[++i]);
            }
            else
            {
                parameters.Add(word[..colon], Value(word[(colon + 1)..]));
            }
        }
    }

    private static object Value(string text) => text.ToLowerInvariant() switch
    {
        "$true" or "true" => true,
        "$false" or "false" => false,
        _ => text,
    };
}
