using System.Management.Automation;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Get-ContainerdInfo: gives the version, identity and capabilities of a daemon.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "ContainerdInfo")]
[OutputType(typeof(ContainerdInfo))]
public sealed class GetContainerdInfoCommand : NamespaceCmdlet
{
    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        foreach (NamespaceClient client in Clients)
        {
            await TryAsync(
                client.Session,
                client,
                async () => WriteObject(await DaemonInfo.GetAsync(client, cancellationToken)),
                cancellationToken);
        }
    }
}
