using ContainerdPS.Wire.NamespacesV1;
using Grpc.Core;

namespace ContainerdPS.Services;

/// <summary>containerd.services.namespaces.v1.</summary>
internal sealed class NamespacesClient(CallInvoker invoker) : ServiceClient
{
    private readonly Namespaces.NamespacesClient stub = new(invoker);

    public async Task<IReadOnlyList<Wire.NamespacesV1.Namespace>> ListAsync(CancellationToken cancellationToken)
    {
        ListNamespacesResponse response = await stub.ListAsync(new ListNamespacesRequest(), Options(cancellationToken)).ResponseAsync.ConfigureAwait(false);
        return response.Namespaces;
    }

    public async Task<IReadOnlyDictionary<string, string>> LabelsAsync(string name, CancellationToken cancellationToken)
    {
        GetNamespaceResponse response = await AskAsync(
            ObjectKinds.Namespace, name, stub.GetAsync(new GetNamespaceRequest { Name = name }, Options(cancellationToken))).ConfigureAwait(false);
        return response.Namespace.Labels;
    }
}
