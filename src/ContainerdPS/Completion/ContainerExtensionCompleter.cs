using ContainerdPS.Mapping;

namespace ContainerdPS.Completion;

/// <summary>Completes the names of extensions.</summary>
internal sealed class ContainerExtensionCompleter : ContainerPartCompleter
{
    protected override IEnumerable<(string Text, string ToolTip)> Parts(Wire.ContainersV1.Container container) =>
        container.Extensions.Where(static extension => ExtensionMapping.IsThere(extension.Value)).Select(static extension => (extension.Key, extension.Value.TypeUrl));
}
