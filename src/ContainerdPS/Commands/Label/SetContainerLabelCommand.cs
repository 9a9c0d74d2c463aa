using System.Management.Automation;
using ContainerdPS.Services;
using ContainerdPS.Transformation;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Set-ContainerLabel: sets labels of containers and leaves their other labels alone.</para>
/// </summary>
[Cmdlet(VerbsCommon.Set, "ContainerLabel", SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class SetContainerLabelCommand : ContainerOperandCmdlet
{
    /// <summary>
    /// <para>The labels: @{ app = 'web'; tier = 'front' }, or texts 'app=web'. An empty value removes its label. Key and value together have at most 4096 bytes.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [LabelTransformation]
    public Dictionary<string, string?> Label { get; set; } = [];

    /// <summary>
    /// <para>Gives the changed containers.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override async Task ProcessContainerAsync(ContainerReference container, NamespaceClient client, CancellationToken cancellationToken)
    {
        string what = string.Join(", ", Label.Select(static label => $"{label.Key}={label.Value}"));
        if (ShouldProcess($"container '{container.Id}' in namespace '{client.Namespace}'", $"set the label{(Label.Count > 1 ? "s" : string.Empty)} {what}"))
        {
            await StartAsync(container.Source, client, token => LabelChange.ApplyAsync(client, container.Id, Label, PassThru, token), Write, cancellationToken);
        }
    }

    private void Write(Container? changed)
    {
        if (changed is not null)
        {
            WriteObject(changed);
        }
    }
}
