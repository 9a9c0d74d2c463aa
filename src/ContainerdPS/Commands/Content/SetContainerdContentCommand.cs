using System.Management.Automation;
using ContainerdPS.Services;
using ContainerdPS.Transformation;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Set-ContainerdContent: sets labels of blobs and leaves their other labels alone.</para>
/// </summary>
[Cmdlet(VerbsCommon.Set, "ContainerdContent", DefaultParameterSetName = "Content", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerdContent))]
public sealed class SetContainerdContentCommand : ContentArgumentCmdlet
{
    /// <summary>
    /// <para>The labels: @{ team = 'a' }, or texts 'team=a'. An empty value removes its label. Key and value together have at most 4096 bytes.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = "Content")]
    [Parameter(Position = 1, ParameterSetName = "InputObject")]
    [ValidateNotNullOrEmpty]
    [LabelTransformation]
    public Dictionary<string, string?> Label { get; set; } = [];

    /// <summary>
    /// <para>Gives the changed blobs.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override string ArgumentName => nameof(Label);

    private protected override async Task ProcessContentAsync(ContainerdContentReference content, NamespaceClient client, CancellationToken cancellationToken)
    {
        Dictionary<string, string?> labels = Argument is null ? Label : PipedOperands.Labels(Argument);
        if (await ShouldProcessAsync(content, client, BlobOf(content, client), LabelWords.Setting(labels), cancellationToken))
        {
            await StartAsync(content.Source, client, token => SetAsync(content, labels, client, token), WriteWhereGiven, cancellationToken);
        }
    }

    private async Task<ContainerdContent?> SetAsync(ContainerdContentReference content, Dictionary<string, string?> labels, NamespaceClient client, CancellationToken cancellationToken)
    {
        var changed = await client.Content.SetLabelsAsync(content.Digest, Identifiers.ValidatedLabels(labels), cancellationToken).ConfigureAwait(false);
        return PassThru ? client.Content.ToModel(changed, content.MediaType) : null;
    }
}
