namespace ContainerdPS.Commands;

/// <summary>What a confirmation says of labels.</summary>
internal static class LabelWords
{
    public static string Setting(IReadOnlyDictionary<string, string?> labels) =>
        $"set the label{(labels.Count > 1 ? "s" : string.Empty)} {string.Join(", ", labels.Select(static label => $"{label.Key}={label.Value}"))}";
}
