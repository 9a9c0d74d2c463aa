using ContainerdPS.Wire.VersionV1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ContainerdPS.Services;

/// <summary>containerd.services.version.v1: which release the daemon is.</summary>
internal sealed class VersionClient(CallInvoker invoker) : ServiceClient
{
    private readonly Wire.VersionV1.Version.VersionClient stub = new(invoker);

    public async Task<VersionResponse> GetAsync(CancellationToken cancellationToken) =>
        await stub.VersionAsync(new Empty(), Options(cancellationToken)).ResponseAsync.ConfigureAwait(false);
}
