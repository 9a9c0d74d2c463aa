using System.Management.Automation;
using ContainerdPS.Services;
using ContainerdPS.Transformation;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Set-ContainerdContent: sets labels of blobs and leaves their other labels alone.</para>
/// </summary>
[Cmdlet(VerbsCommon.Set, "ContainerdContent", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerdContent))]
public sealed class SetContainerdContentCommand : ContentOperandCmdlet
{
    /// <summary>
    /// <para>The labels: @{ team = 'a' }, or texts 'team=a'. An empty value removes its label. Key and value together have at most 4096 bytes.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [LabelTransformation]
    public Dictionary<string, string?> Label { get; set; } = [];

    /// <summary>
    /// <para>Gives the changed blobs.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override async Task ProcessContentAsync(ContainerdContentReference content, NamespaceClient client, CancellationToken cancellationToken)
    {
        if (ShouldProcess(BlobOf(content, client), LabelWords.Setting(Label)))
        {
            await StartAsync(content.Source, client, token => SetAsync(content, client, token), WriteWhereGiven, cancellationToken);
        }
    }

    private async Task<ContainerdContent?> SetAsync(ContainerdContentReference content, NamespaceClient client, CancellationToken cancellationToken)
    {
        var changed = await client.Content.SetLabelsAsync(content.Digest, Identifiers.ValidatedLabels(Label), cancellationToken).ConfigureAwait(false);
        return PassThru ? client.Content.ToModel(changed, content.MediaType) : null;
    }
}
