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
        if (!ShouldProcess(BlobOf(content, client), LabelWords.Setting(Label)))
        {
            return;
        }

        await StartAsync(
            content.Source,
            client,
            async token => client.Content.ToModel(
                await client.Content.SetLabelsAsync(content.Digest, Identifiers.ValidatedLabels(Label), token).ConfigureAwait(false), content.MediaType),
            changed =>
            {
                if (PassThru)
                {
                    WriteObject(changed);
                }
            },
            cancellationToken);
    }
}
