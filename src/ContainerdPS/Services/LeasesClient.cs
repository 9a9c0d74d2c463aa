using ContainerdPS.Wire.LeasesV1;
using Grpc.Core;

namespace ContainerdPS.Services;

/// <summary>containerd.services.leases.v1: what protects content and snapshots while nothing refers to them yet.</summary>
internal sealed class LeasesClient(CallInvoker invoker) : ServiceClient
{
    private readonly Leases.LeasesClient stub = new(invoker);

    public async Task<Lease> CreateAsync(string id, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken)
    {
        var request = new CreateRequest { Id = id };
        foreach ((string key, string value) in labels)
        {
            request.Labels.Add(key, value);
        }

        CreateResponse response = await MakeAsync(ObjectKinds.Lease, id, options => stub.CreateAsync(request, options), cancellationToken).ConfigureAwait(false);
        return response.Lease;
    }

    public async Task DeleteAsync(string id, bool synchronous, CancellationToken cancellationToken) =>
        await AskAsync(ObjectKinds.Lease, id, stub.DeleteAsync(new DeleteRequest { Id = id, Sync = synchronous }, Options(cancellationToken))).ConfigureAwait(false);

    public async Task<IReadOnlyList<Lease>> ListAsync(CancellationToken cancellationToken)
    {
        ListResponse response = await stub.ListAsync(new ListRequest(), Options(cancellationToken)).ResponseAsync.ConfigureAwait(false);
        return response.Leases;
    }

    /// <summary>Has a lease protect a blob that was there before it.</summary>
    public async Task AddContentAsync(string id, string digest, CancellationToken cancellationToken) =>
        await AskAsync(
            ObjectKinds.Lease,
            id,
            stub.AddResourceAsync(new AddResourceRequest { Id = id, Resource = new Resource { Id = digest, Type = "content" } }, Options(cancellationToken))).ConfigureAwait(false);

    /// <summary>Has a lease protect a snapshot that was there before it.</summary>
    public async Task AddSnapshotAsync(string id, string snapshotter, string key, CancellationToken cancellationToken) =>
        await AskAsync(
            ObjectKinds.Lease,
            id,
            stub.AddResourceAsync(new AddResourceRequest { Id = id, Resource = new Resource { Id = key, Type = "snapshots/" + snapshotter } }, Options(cancellationToken))).ConfigureAwait(false);
}
