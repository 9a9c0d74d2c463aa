using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Remove-ContainerLabel: removes labels of containers and leaves their other labels alone.</para>
/// </summary>
[Cmdlet(VerbsCommon.Remove, "ContainerLabel", SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class RemoveContainerLabelCommand : ContainerChangeCmdlet
{
    /// <summary>
    /// <para>The keys of the labels. A label that is not there is no error.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("Name")]
    [ArgumentCompleter(typeof(ContainerLabelCompleter))]
    public string[] Key { get; set; } = [];

    private protected override async Task ProcessContainerAsync(ContainerReference container, NamespaceClient client, CancellationToken cancellationToken)
    {
        Dictionary<string, string?> labels = Key.Distinct(StringComparer.Ordinal).ToDictionary(static key => key, static _ => (string?)string.Empty, StringComparer.Ordinal);
        if (await ShouldChangeAsync(container, client, $"remove the label{(labels.Count > 1 ? "s" : string.Empty)} {string.Join(", ", Key)}", cancellationToken))
        {
            await StartAsync(container.Source, client, token => LabelChange.ApplyAsync(client, container.Id, labels, PassThru, token), WriteWhereGiven, cancellationToken);
        }
    }
}
