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

    /// <summary>Lists leases. The filters are containerd's own; one has to match.</summary>
    public async Task<IReadOnlyList<Lease>> ListAsync(IReadOnlyList<string> filters, CancellationToken cancellationToken)
    {
        var request = new ListRequest();
        request.Filters.AddRange(filters);
        ListResponse response = await stub.ListAsync(request, Options(cancellationToken)).ResponseAsync.ConfigureAwait(false);
        return response.Leases;
    }

    /// <summary>What a lease protects.</summary>
    public async Task<IReadOnlyList<Resource>> ResourcesAsync(string id, CancellationToken cancellationToken)
    {
        ListResourcesResponse response = await AskAsync(
            ObjectKinds.Lease, id, stub.ListResourcesAsync(new ListResourcesRequest { Id = id }, Options(cancellationToken))).ConfigureAwait(false);
        return response.Resources;
    }

    /// <summary>Has a lease protect something that was there before it.</summary>
    public async Task AddResourceAsync(string id, Resource resource, CancellationToken cancellationToken) =>
        await AskAsync(ObjectKinds.Lease, id, stub.AddResourceAsync(new AddResourceRequest { Id = id, Resource = resource }, Options(cancellationToken))).ConfigureAwait(false);

    /// <summary>Ends the protection of one thing.</summary>
    public async Task RemoveResourceAsync(string id, Resource resource, CancellationToken cancellationToken) =>
        await AskAsync(ObjectKinds.Lease, id, stub.DeleteResourceAsync(new DeleteResourceRequest { Id = id, Resource = resource }, Options(cancellationToken))).ConfigureAwait(false);

    /// <summary>Has a lease protect a blob that was there before it.</summary>
    public Task AddContentAsync(string id, string digest, CancellationToken cancellationToken) =>
        AddResourceAsync(id, new Resource { Id = digest, Type = "content" }, cancellationToken);

    /// <summary>Has a lease protect a snapshot that was there before it.</summary>
    public Task AddSnapshotAsync(string id, string snapshotter, string key, CancellationToken cancellationToken) =>
        AddResourceAsync(id, new Resource { Id = key, Type = "snapshots/" + snapshotter }, cancellationToken);

    /// <summary>Makes sure that a lease is there before anything is made under it: the daemon's own words for that tell of what was to be made.</summary>
    public async Task RequireAsync(string id, CancellationToken cancellationToken)
    {
        if ((await ListAsync([$"id=={DaemonFilter.Quote(id)}"], cancellationToken).ConfigureAwait(false)).Count == 0)
        {
            throw new ContainerdException(ContainerdErrorCode.NotFound, "no such lease") { ObjectKind = ObjectKinds.Lease, ObjectId = id, DaemonMessage = "no such lease" };
        }
    }
}
