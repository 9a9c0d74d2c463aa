using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Containers;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Remove-ContainerExtension: removes extensions of containers and leaves their other extensions alone.</para>
/// </summary>
[Cmdlet(VerbsCommon.Remove, "ContainerExtension", SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class RemoveContainerExtensionCommand : ContainerChangeCmdlet
{
    /// <summary>
    /// <para>The names of the extensions. An extension that is not there is no error.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerExtensionCompleter))]
    public string[] Name { get; set; } = [];

    private protected override async Task ProcessContainerAsync(ContainerReference container, NamespaceClient client, CancellationToken cancellationToken)
    {
        string[] names = Name.Distinct(StringComparer.Ordinal).ToArray();
        if (await ShouldChangeAsync(container, client, $"remove the extension{(names.Length > 1 ? "s" : string.Empty)} {string.Join(", ", names)}", cancellationToken))
        {
            await StartAsync(
                container.Source,
                client,
                token => ContainerChange.RemoveExtensionsAsync(client, container.Id, names, PassThru, token),
                WriteWhereGiven,
                cancellationToken);
        }
    }
}
