using System.Globalization;
using System.Text;

namespace ContainerdPS.Services;

/// <summary>Makes filters in containerd's own language: selectors with commas between them, all of which must match.</summary>
internal static class DaemonFilter
{
    /// <summary>A field that has a value to the letter.</summary>
    public static string Equal(string field, string value) => $"{field}=={Quote(value)}";

    /// <summary>A field that matches a regular expression of Go's.</summary>
    public static string Matches(string field, string expression) => $"{field}~={Quote(expression)}";

    /// <summary>Labels that must all be there, with their value where it is not null; empty for none.</summary>
    public static string Labels(IReadOnlyDictionary<string, string?> labels) =>
        string.Join(',', labels.Select(static label => label.Value is null ? $"labels.{Quote(label.Key)}" : Equal($"labels.{Quote(label.Key)}", label.Value)));

    /// <summary>Whichever of the filters given matches, and the selector too; without filters the selector alone.</summary>
    public static IReadOnlyList<string> Narrow(IReadOnlyList<string> filters, string selector) =>
        filters.Count == 0 ? [selector] : [.. filters.Select(filter => $"{filter},{selector}")];

    /// <summary>A text as a filter takes it: quoted as in Go, with what the daemon's scanner stumbles over as escapes.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"", text.Length + 2);
        foreach (Rune rune in text.EnumerateRunes())
        {
            // Half a surrogate pair was stored as the replacement character, and that is an error to the scanner as it stands.
            _ = rune.Value is '"' or '\\' ? quoted.Append('\\').Append(rune.ToString())
                : Rune.IsControl(rune) || rune == Rune.ReplacementChar ? quoted.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}")
                : quoted.Append(rune.ToString());
        }

        return quoted.Append('"').ToString();
    }
}
