using ContainerdPS.Services;

namespace ContainerdPS.Completion;

/// <summary>Completes the ids of leases.</summary>
internal sealed class LeaseCompleter : DaemonCompleter
{
    protected override async Task<IReadOnlyList<(string Text, string ToolTip)>> CandidatesAsync(
        NamespaceClient client, System.Collections.IDictionary bound, CancellationToken cancellationToken)
    {
        IReadOnlyList<Wire.LeasesV1.Lease> leases = await client.Leases.ListAsync([], cancellationToken).ConfigureAwait(false);
        return leases.Select(static lease => (lease.Id, string.Empty)).ToArray();
    }
}
