using System.Management.Automation;
using ContainerdPS.Containers;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>New-Container: makes a container from an image or a spec. Nothing runs yet.</para>
/// </summary>
[Cmdlet(VerbsCommon.New, "Container", SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class NewContainerCommand : ContainerSpecCmdlet
{
    /// <summary>
    /// <para>The ids: letters and digits, with single '.', '_' or '-' between them, at most 76 characters.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public string[] Id { get; set; } = [];

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (string id in Id)
        {
            foreach (NamespaceClient client in TargetClients)
            {
                if (!ShouldProcess($"container '{id}' in namespace '{client.Namespace}'", Image is null ? "make it" : $"make it from the image '{Image.Name}'"))
                {
                    continue;
                }

                // One after the other and on this thread: a script block may have to run in the middle.
                await TryAsync(
                    id,
                    client,
                    async () => WriteObject(await ContainerCreation.RunAsync(client, Request(client, id), cancellationToken)),
                    cancellationToken);
            }
        }
    }
}
