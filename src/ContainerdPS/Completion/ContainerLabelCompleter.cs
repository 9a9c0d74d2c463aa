namespace ContainerdPS.Completion;

/// <summary>Completes the keys of labels.</summary>
internal sealed class ContainerLabelCompleter : ContainerPartCompleter
{
    protected override IEnumerable<(string Text, string ToolTip)> Parts(Wire.ContainersV1.Container container) =>
        container.Labels.Select(static label => (label.Key, $"{label.Key}={label.Value}"));
}
