using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Containers;
using ContainerdPS.Services;
using ContainerdPS.Transformation;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Set-Container: changes parts of container records: image, labels, extensions, snapshot key, spec. The rest stays, also when somebody else changes it at the same time.</para>
/// </summary>
[Cmdlet(VerbsCommon.Set, "Container", SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class SetContainerCommand : ContainerChangeCmdlet
{
    /// <summary>
    /// <para>The image the container says it is made from, by name, full or short, or as an object. It must exist, unless forced.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public ContainerImageReference? Image { get; set; }

    /// <summary>
    /// <para>Labels to set: @{ app = 'web' } or texts 'app=web'. An empty value removes its label; other labels stay.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [LabelTransformation]
    public Dictionary<string, string?>? Label { get; set; }

    /// <summary>
    /// <para>Extensions to set, by name: @{ 'example.org/owner' = @{ TypeUrl = 'example.org/Owner'; Value = 'ops' } }, or objects from Get-ContainerExtension. Other extensions stay.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ExtensionTransformation]
    public Dictionary<string, ContainerExtensionValue>? Extension { get; set; }

    /// <summary>
    /// <para>The key of an active snapshot in the container's snapshotter: the root filesystem of its next task.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SnapshotKey { get; set; }

    /// <summary>
    /// <para>A whole OCI runtime spec (an object from Get-ContainerSpec, JSON, or the lines of a JSON file), or a script block that gets the container's spec as $_ and changes it.</para>
    /// </summary>
    [Parameter]
    [AllowNull]
    public object? Spec { get; set; }

    /// <summary>
    /// <para>Sets the name of an image that does not exist.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override async Task ProcessContainerAsync(ContainerReference container, NamespaceClient client, CancellationToken cancellationToken)
    {
        bool specGiven = MyInvocation.BoundParameters.ContainsKey(nameof(Spec));
        SpecArgument? spec = null;
        if (specGiven)
        {
            (bool read, spec) = await ReadSpecAsync(Spec, container, client, cancellationToken);
            if (!read)
            {
                return;
            }
        }

        var update = new ContainerUpdate
        {
            Image = Image?.Name,
            AnyImage = Force,
            Labels = Label ?? [],
            Extensions = Extension ?? [],
            SnapshotKey = SnapshotKey,
        };
        string what = Changes(specGiven);
        if (what.Length == 0 || await ShouldChangeAsync(container, client, $"set its {what}", cancellationToken))
        {
            await ChangeAsync(container, client, update, spec, cancellationToken);
        }
    }

    private string Changes(bool spec)
    {
        var changes = new List<string>();
        if (Image is not null)
        {
            changes.Add($"image to '{Image.Name}'");
        }

        if (Label is not null)
        {
            changes.Add("labels " + string.Join(", ", Label.Select(static label => $"{label.Key}={label.Value}")));
        }

        if (Extension is not null)
        {
            changes.Add("extensions " + string.Join(", ", Extension.Keys));
        }

        if (SnapshotKey is not null)
        {
            changes.Add($"snapshot key to '{SnapshotKey}'");
        }

        if (spec)
        {
            changes.Add("spec");
        }

        return string.Join("; ", changes);
    }
}
