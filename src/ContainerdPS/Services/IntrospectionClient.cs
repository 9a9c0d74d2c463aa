using ContainerdPS.Wire.IntrospectionV1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ContainerdPS.Services;

/// <summary>containerd.services.introspection.v1: the daemon about itself.</summary>
internal sealed class IntrospectionClient(CallInvoker invoker) : ServiceClient
{
    private readonly Introspection.IntrospectionClient stub = new(invoker);

    public async Task<ServerResponse> ServerAsync(CancellationToken cancellationToken) =>
        await stub.ServerAsync(new Empty(), Options(cancellationToken)).ResponseAsync.ConfigureAwait(false);

    public async Task<IReadOnlyList<Plugin>> PluginsAsync(CancellationToken cancellationToken)
    {
        PluginsResponse response = await stub.PluginsAsync(new PluginsRequest(), Options(cancellationToken)).ResponseAsync.ConfigureAwait(false);
        return response.Plugins;
    }
}
