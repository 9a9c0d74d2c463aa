using System.Runtime.CompilerServices;
using ContainerdPS.Mapping;
using ContainerdPS.Wire.ContainersV1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ContainerdPS.Services;

/// <summary>containerd.services.containers.v1: the records of containers.</summary>
internal sealed class ContainersClient(NamespaceClient owner, CallInvoker invoker) : ServiceClient
{
    private readonly Wire.ContainersV1.Containers.ContainersClient stub = new(invoker);

    /// <summary>Lists containers as they arrive. The filters are containerd's own; one has to match.</summary>
    public async IAsyncEnumerable<Wire.ContainersV1.Container> ListAsync(
        IReadOnlyList<string> filters, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListContainersRequest();
        request.Filters.AddRange(filters);
        using AsyncServerStreamingCall<ListContainerMessage> call = stub.ListStream(request, Options(cancellationToken));
        bool more;
        try
        {
            more = await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (e.Code == ContainerdErrorCode.Unimplemented)
        {
            more = false;
            request = null;
        }

        if (request is null)
        {
            await foreach (Wire.ContainersV1.Container container in ListAtOnceAsync(filters, cancellationToken).ConfigureAwait(false))
            {
                yield return container;
            }
        }

        while (more)
        {
            yield return call.ResponseStream.Current.Container;
            more = await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task<Wire.ContainersV1.Container> GetAsync(string id, CancellationToken cancellationToken)
    {
        GetContainerResponse response = await AskAsync(
            ObjectKinds.Container, id, stub.GetAsync(new GetContainerRequest { Id = id }, Options(cancellationToken))).ConfigureAwait(false);
        return response.Container;
    }

    public async Task<Wire.ContainersV1.Container> CreateAsync(Wire.ContainersV1.Container container, CancellationToken cancellationToken)
    {
        CreateContainerResponse response = await MakeAsync(
            ObjectKinds.Container, container.Id, options => stub.CreateAsync(new CreateContainerRequest { Container = container }, options), cancellationToken).ConfigureAwait(false);
        return response.Container;
    }

    public async Task DeleteAsync(string id, CancellationToken cancellationToken) =>
        await AskAsync(ObjectKinds.Container, id, stub.DeleteAsync(new DeleteContainerRequest { Id = id }, Options(cancellationToken))).ConfigureAwait(false);

    /// <summary>Sets the labels given and leaves the others alone; an empty value deletes its label.</summary>
    public async Task<Wire.ContainersV1.Container> SetLabelsAsync(string id, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken)
    {
        if (labels.Count == 0)
        {
            return await GetAsync(id, cancellationToken).ConfigureAwait(false);
        }

        var container = new Wire.ContainersV1.Container { Id = id };
        foreach ((string key, string value) in labels)
        {
            container.Labels.Add(key, value);
        }

        return await UpdateAsync(container, labels.Keys.Select(static key => "labels." + key).ToArray(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Changes what the mask names (<c>labels.KEY</c>, <c>extensions.KEY</c>, <c>spec</c>, <c>image</c>, <c>snapshotkey</c>), and nothing else.</summary>
    public async Task<Wire.ContainersV1.Container> UpdateAsync(Wire.ContainersV1.Container container, IReadOnlyCollection<string> mask, CancellationToken cancellationToken)
    {
        // An empty mask would replace the whole record.
        ArgumentOutOfRangeException.ThrowIfZero(mask.Count);
        var request = new UpdateContainerRequest { Container = container, UpdateMask = new FieldMask() };
        request.UpdateMask.Paths.AddRange(mask);
        UpdateContainerResponse response = await AskAsync(ObjectKinds.Container, container.Id, stub.UpdateAsync(request, Options(cancellationToken))).ConfigureAwait(false);
        return response.Container;
    }

    /// <summary>Gives the model of a record, with the state of its task where it has one.</summary>
    public Container ToModel(Wire.ContainersV1.Container wire, Wire.TaskTypes.Process? task) => ContainerMapping.ToModel(owner, wire, task);

    private async IAsyncEnumerable<Wire.ContainersV1.Container> ListAtOnceAsync(
        IReadOnlyList<string> filters, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListContainersRequest();
        request.Filters.AddRange(filters);
        ListContainersResponse response = await stub.ListAsync(request, Options(cancellationToken)).ResponseAsync.ConfigureAwait(false);
        foreach (Wire.ContainersV1.Container container in response.Containers)
        {
            yield return container;
        }
    }
}
