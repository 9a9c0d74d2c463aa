namespace ContainerdPS.Completion;

/// <summary>Completes labels as they are looked for: KEY=VALUE.</summary>
internal sealed class ContainerLabelPairCompleter : ContainerPartCompleter
{
    protected override IEnumerable<(string Text, string ToolTip)> Parts(Wire.ContainersV1.Container container) =>
        container.Labels.Select(static label => ($"{label.Key}={label.Value}", $"{label.Key}={label.Value}"));
}
