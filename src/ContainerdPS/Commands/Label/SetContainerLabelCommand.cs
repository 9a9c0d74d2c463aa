using System.Management.Automation;
using ContainerdPS.Services;
using ContainerdPS.Transformation;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Set-ContainerLabel: sets labels of containers and leaves their other labels alone.</para>
/// </summary>
[Cmdlet(VerbsCommon.Set, "ContainerLabel", SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class SetContainerLabelCommand : ContainerChangeCmdlet
{
    /// <summary>
    /// <para>The labels: @{ app = 'web'; tier = 'front' }, or texts 'app=web'. An empty value removes its label. Key and value together have at most 4096 bytes.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [LabelTransformation]
    public Dictionary<string, string?> Label { get; set; } = [];

    private protected override async Task ProcessContainerAsync(ContainerReference container, NamespaceClient client, CancellationToken cancellationToken)
    {
        if (ShouldChange(container, client, LabelWords.Setting(Label)))
        {
            await StartAsync(container.Source, client, token => LabelChange.ApplyAsync(client, container.Id, Label, PassThru, token), WriteWhereGiven, cancellationToken);
        }
    }
}
