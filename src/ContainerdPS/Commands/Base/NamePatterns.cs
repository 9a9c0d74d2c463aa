using System.Management.Automation;

namespace ContainerdPS.Commands;

/// <summary>Matches names against what users type: exact names and wildcards.</summary>
internal static class NamePatterns
{
    /// <summary>Parts what can be asked for by name from what a list has to be searched for. Without names, all is to be listed.</summary>
    public static (string[] Exact, string[] Patterns, bool Lists) Split(string[]? names)
    {
        ILookup<bool, string> parts = (names ?? []).ToLookup(WildcardPattern.ContainsWildcardCharacters);
        string[] patterns = [.. parts[true]];
        return ([.. parts[false]], patterns, names is null || patterns.Length > 0);
    }

    public static Func<string, bool> Any(IReadOnlyList<string> patterns, bool ignoreCase)
    {
        WildcardOptions options = ignoreCase ? WildcardOptions.IgnoreCase : WildcardOptions.None;
        (WildcardPattern Pattern, string Text)[] compiled = patterns.Select(pattern => (WildcardPattern.Get(pattern, options), pattern)).ToArray();
        return name => Array.Exists(compiled, pattern => IsMatch(pattern.Pattern, name, pattern.Text));
    }

    /// <summary>Whether a name matches. PowerShell finds out only at the first name that a pattern is not one.</summary>
    /// <exception cref="ContainerdException">InvalidArgument, InvalidPattern: such as <c>web[1</c>.</exception>
    public static bool IsMatch(WildcardPattern pattern, string name, string text, string advice = "A bracket that is not closed is written `[.")
    {
        try
        {
            return pattern.IsMatch(name);
        }
        catch (WildcardPatternException e)
        {
            throw new ContainerdException(ContainerdErrorCode.InvalidArgument, $"'{text}' is no valid pattern: {e.Message.TrimEnd('.')}. {advice}", e) { Reason = "InvalidPattern" };
        }
    }

    /// <summary>Image names also match by what users write and views show: busybox and b* are docker.io/library/busybox:latest.</summary>
    public static Func<string, bool> AnyImage(IReadOnlyList<string> patterns)
    {
        var all = new List<string>(patterns);
        foreach (string pattern in patterns)
        {
            if (!WildcardPattern.ContainsWildcardCharacters(pattern) && Oci.Image.ImageReference.TryParse(pattern, out Oci.Image.ImageReference? full) && full is not null)
            {
                all.Add(full.ToString());
            }
        }

        Func<string, bool> wanted = Any(all, ignoreCase: false);
        return name => wanted(name) || wanted(Formatting.Image(name));
    }
}
