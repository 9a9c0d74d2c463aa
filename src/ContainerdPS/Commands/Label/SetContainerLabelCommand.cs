using System.Management.Automation;
using ContainerdPS.Services;
using ContainerdPS.Transformation;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Set-ContainerLabel: sets labels of containers and leaves their other labels alone.</para>
/// </summary>
[Cmdlet(VerbsCommon.Set, "ContainerLabel", DefaultParameterSetName = "Container", SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class SetContainerLabelCommand : ContainerArgumentCmdlet
{
    /// <summary>
    /// <para>The labels: @{ app = 'web'; tier = 'front' }, or texts 'app=web'. An empty value removes its label. Key and value together have at most 4096 bytes.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = "Container")]
    [Parameter(Position = 1, ParameterSetName = "InputObject")]
    [ValidateNotNullOrEmpty]
    [LabelTransformation]
    public Dictionary<string, string?> Label { get; set; } = [];

    /// <summary>
    /// <para>Gives the changed containers.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override string ArgumentName => nameof(Label);

    private protected override async Task ProcessContainerAsync(ContainerReference container, NamespaceClient client, CancellationToken cancellationToken)
    {
        Dictionary<string, string?> labels = Argument is null ? Label : PipedOperands.Labels(Argument);
        if (await ShouldProcessAsync(container, client, Of(container, client), LabelWords.Setting(labels), cancellationToken))
        {
            await StartAsync(container.Source, client, token => LabelChange.ApplyAsync(client, container.Id, labels, PassThru, token), WriteWhereGiven, cancellationToken);
        }
    }
}
