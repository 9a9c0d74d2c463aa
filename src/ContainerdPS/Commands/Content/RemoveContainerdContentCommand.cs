using System.Management.Automation;
using ContainerdPS.References;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Remove-ContainerdContent: removes blobs from the content store. One that an image, a lease or another blob needs is refused, unless forced.</para>
/// </summary>
[Cmdlet(VerbsCommon.Remove, "ContainerdContent", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(void))]
public sealed class RemoveContainerdContentCommand : ContentOperandCmdlet
{
    private readonly RemovalGuards guards = new();
    private readonly Dictionary<(ContainerdSession Session, string Namespace), NamespaceClient> emptied = [];

    /// <summary>
    /// <para>Removes the blob whoever needs it. An image that has lost a blob can no longer be unpacked or exported.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>
    /// <para>Does not wait until the daemon has collected the bytes, which until then are on the disk, and there for who writes the same blob.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    // Whether a blob is needed depends on what was removed before it.
    private protected override int MaxInFlight => Force ? ThrottleLimit : 1;

    private protected override async Task ProcessContentAsync(ContainerdContentReference content, NamespaceClient client, CancellationToken cancellationToken)
    {
        RemovalGuard guard = guards.Of(client);
        var blob = new Keeper(ObjectKinds.Blob, content.Digest);
        string action = Force ? "remove it, whoever needs it" : "remove it";
        if (!await ShouldProcessAsync(BlobOf(content, client), action, content.Source, client, () => SupposeAsync(client, guard, blob, cancellationToken), cancellationToken))
        {
            return;
        }

        await StartAsync(
            content.Source,
            client,
            async token =>
            {
                if (!Force)
                {
                    await RequireUnusedAsync(client, guard, blob, token).ConfigureAwait(false);
                }

                await client.Content.DeleteAsync(content.Digest, token).ConfigureAwait(false);
                if (!Force)
                {
                    guard.Forget(blob);
                }

                return true;
            },
            _ => emptied[(client.Session, client.Namespace)] = client,
            cancellationToken);
    }

    private static async Task RequireUnusedAsync(NamespaceClient client, RemovalGuard guard, Keeper blob, CancellationToken cancellationToken)
    {
        // One that is missing may still be referred to, and that is another story.
        await client.Content.GetAsync(blob.Name, cancellationToken).ConfigureAwait(false);
        await guard.RefuseUsedAsync(blob, "Remove what needs it first (Remove-ContainerImage also collects its blobs), or remove the blob all the same with -Force.", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Refuses what removing it would refuse; it then counts no longer, as if it were removed.</summary>
    private async Task SupposeAsync(NamespaceClient client, RemovalGuard guard, Keeper blob, CancellationToken cancellationToken)
    {
        if (Force)
        {
            await client.Content.GetAsync(blob.Name, cancellationToken);
            return;
        }

        await RequireUnusedAsync(client, guard, blob, cancellationToken);
        guard.Forget(blob);
    }

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        await FinishPiecesAsync();
        if (NoWait)
        {
            return;
        }

        foreach (NamespaceClient client in emptied.Values)
        {
            await TryAsync(null, client, () => LeaseScope.CollectAsync(client, cancellationToken), cancellationToken);
        }
    }
}
