using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Images;
using ContainerdPS.Oci;
using ContainerdPS.Services;
using ContainerdPS.Transformation;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Set-ContainerImage: changes labels of images, and what their names refer to. The rest stays, also when somebody else changes it at the same time.</para>
/// </summary>
[Cmdlet(VerbsCommon.Set, "ContainerImage", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerImage))]
public sealed class SetContainerImageCommand : ImageOperandCmdlet
{
    private readonly ImageSurveys surveys = new();

    /// <summary>
    /// <para>Labels to set: @{ team = 'web' } or texts 'team=web'. An empty value removes its label; other labels stay.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [LabelTransformation]
    public Dictionary<string, string?>? Label { get; set; }

    /// <summary>
    /// <para>What the names shall refer to: an image, by name or as an object, or the digest of a manifest or an index that is here.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public ContainerImageReference? Target { get; set; }

    /// <summary>
    /// <para>Gives the changed images.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override async Task ProcessImageAsync(ContainerImageReference image, NamespaceClient client, CancellationToken cancellationToken)
    {
        string what = Changes();
        if (what.Length == 0 || await ShouldProcessAsync(Of(image, client), $"set its {what}", image.Source, client, () => FindAsync(image, client, cancellationToken), cancellationToken))
        {
            await StartAsync(image.Source, client, token => SetAsync(image, client, token), WriteWhereGiven, cancellationToken);
        }
    }

    private async Task<ContainerImage?> SetAsync(ContainerImageReference image, NamespaceClient client, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, string> labels = Identifiers.ValidatedLabels(Label);
        (Wire.ImagesV1.Image found, OciDescriptor? target) = await FindAsync(image, client, cancellationToken).ConfigureAwait(false);
        Wire.ImagesV1.Image changed = await ImageChange.ApplyAsync(client, found.Name, labels, target, cancellationToken).ConfigureAwait(false);
        return PassThru ? await surveys.Of(client).ReadAsync(changed, cancellationToken).ConfigureAwait(false) : null;
    }

    private async Task<(Wire.ImagesV1.Image Image, OciDescriptor? Target)> FindAsync(ContainerImageReference image, NamespaceClient client, CancellationToken cancellationToken)
    {
        // An object is what it was when it was read, whatever has its name now.
        OciDescriptor? target = Target is null
            ? null
            : await ImageTarget.FindAsync(client, Target.Source is ContainerImage read ? read.Digest : Target.Name, cancellationToken).ConfigureAwait(false);
        return (await ImageLookup.GetAsync(client, image.Name, cancellationToken).ConfigureAwait(false), target);
    }

    private string Changes()
    {
        var changes = new List<string>();
        if (Label is not null)
        {
            changes.Add("labels " + string.Join(", ", Label.Select(static label => $"{label.Key}={label.Value}")));
        }

        if (Target is not null)
        {
            changes.Add($"target to '{Target.Name}'");
        }

        return string.Join("; ", changes);
    }
}
