using System.Management.Automation;

namespace ContainerdPS.Commands;

/// <summary>Matches names against what users type: exact names and wildcards.</summary>
internal static class NamePatterns
{
    public static Func<string, bool> Any(IReadOnlyList<string> patterns, bool ignoreCase)
    {
        WildcardOptions options = ignoreCase ? WildcardOptions.IgnoreCase : WildcardOptions.None;
        WildcardPattern[] compiled = patterns.Select(pattern => WildcardPattern.Get(pattern, options)).ToArray();
        return name => Array.Exists(compiled, pattern => pattern.IsMatch(name));
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
