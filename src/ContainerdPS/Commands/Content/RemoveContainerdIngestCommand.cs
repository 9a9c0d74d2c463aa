using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.References;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Remove-ContainerdIngest: drops writes that have not ended, with what they have written. One that a lease protects is somebody's at work, and refused unless forced.</para>
/// </summary>
[Cmdlet(VerbsCommon.Remove, "ContainerdIngest", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(void))]
public sealed class RemoveContainerdIngestCommand : NamespaceCmdlet
{
    private readonly RemovalGuards guards = new();

    /// <summary>
    /// <para>The writes, by reference or as objects from Get-ContainerdIngest.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Reference")]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(IngestCompleter))]
    public ContainerdIngestReference[] Ingest { get; set; } = [];

    /// <summary>
    /// <para>Drops the write whoever is at it. That one then fails at its end.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (ContainerdIngestReference ingest in Ingest)
        {
            foreach (NamespaceClient client in ClientsOf(ingest))
            {
                if (await ShouldProcessAsync(
                    $"ingest '{ingest.Reference}' in namespace '{client.Namespace}'",
                    "drop it",
                    ingest.Source,
                    client,
                    () => RequireAsync(client, ingest.Reference, cancellationToken),
                    cancellationToken))
                {
                    await TryAsync(ingest.Source, client, () => RemoveAsync(client, ingest.Reference, cancellationToken), cancellationToken);
                }
            }
        }
    }

    private async Task RequireAsync(NamespaceClient client, string reference, CancellationToken cancellationToken)
    {
        await client.Content.StatusAsync(reference, cancellationToken);
        await RefuseUsedAsync(client, reference, cancellationToken);
    }

    private async Task RemoveAsync(NamespaceClient client, string reference, CancellationToken cancellationToken)
    {
        await RefuseUsedAsync(client, reference, cancellationToken);
        await client.Content.AbortAsync(reference, cancellationToken);
    }

    private async Task RefuseUsedAsync(NamespaceClient client, string reference, CancellationToken cancellationToken)
    {
        if (!Force)
        {
            await guards.Of(client).RefuseUsedAsync(
                new Keeper(ObjectKinds.Ingest, reference), "Wait for that operation to end; -Force drops the write all the same, and the operation fails.", cancellationToken);
        }
    }
}
