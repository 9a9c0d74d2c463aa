using System.Management.Automation;
using ContainerdPS.Oci;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Get-ContainerSpec: gets the OCI runtime spec of containers.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "ContainerSpec")]
[OutputType(typeof(RuntimeSpec))]
[OutputType(typeof(string))]
public sealed class GetContainerSpecCommand : ContainerOperandCmdlet
{
    /// <summary>
    /// <para>Gives the JSON as the daemon holds it, byte for byte, not an object.</para>
    /// </summary>
    [Parameter]
    [Alias("Raw")]
    public SwitchParameter AsJson { get; set; }

    private protected override Task ProcessContainerAsync(ContainerReference container, NamespaceClient client, CancellationToken cancellationToken) =>
        StartAsync(
            container.Source,
            client,
            async token =>
            {
                Identifiers.Validated(ObjectKinds.Container, container.Id);
                Container found = client.Containers.ToModel(await client.Containers.GetAsync(container.Id, token).ConfigureAwait(false), null);
                if (found.SpecJson.IsEmpty)
                {
                    throw new ContainerdException(
                        ContainerdErrorCode.NotFound,
                        $"The container '{found.Id}' in namespace '{found.Namespace}' has no spec: whoever made it left it out, and it cannot be run.") { Reason = "SpecNotFound" };
                }

                return AsJson ? System.Text.Encoding.UTF8.GetString(found.SpecJson.Span) : (object)found.Spec!;
            },
            WriteObject,
            cancellationToken);
}
