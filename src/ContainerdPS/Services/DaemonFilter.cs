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

    /// <summary>A text as a filter takes it.</summary>
    public static string Quote(string text) => '"' + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + '"';
}
