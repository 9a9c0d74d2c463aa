using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Containers;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>New-Container: makes a container from an image or a spec. Nothing runs yet.</para>
/// </summary>
[Cmdlet(VerbsCommon.New, "Container", DefaultParameterSetName = "Id", SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class NewContainerCommand : ContainerSpecCmdlet
{
    /// <summary>
    /// <para>The ids: letters and digits, with single '.', '_' or '-' between them, at most 76 characters.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Id")]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "PipedImage")]
    [ValidateNotNullOrEmpty]
    public string[] Id { get; set; } = [];

    /// <summary>
    /// <para>The image, by name, full or short (busybox), or as an object.</para>
    /// </summary>
    [Parameter(ParameterSetName = "Id")]
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "PipedImage")]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public override ContainerImageReference? Image { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (string id in Id)
        {
            foreach (NamespaceClient client in TargetClients)
            {
                string action = Image is null ? "make it" : $"make it from the image '{Image.Name}'";
                if (!await ShouldProcessAsync(
                    $"container '{id}' in namespace '{client.Namespace}'", action, id, client, () => ContainerCreation.CheckAsync(client, id, Image?.Name, cancellationToken), cancellationToken))
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
