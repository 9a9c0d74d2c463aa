using ContainerdPS.Oci;
using ContainerdPS.Wire.DiffV1;
using ContainerdPS.Wire.Types;
using Grpc.Core;

namespace ContainerdPS.Services;

/// <summary>containerd.services.diff.v1: unpacks layers into snapshots and makes layers from them.</summary>
internal sealed class DiffClient(CallInvoker invoker) : ServiceClient
{
    private readonly Diff.DiffClient stub = new(invoker);

    /// <summary>Unpacks a layer onto mounts, on the daemon's side.</summary>
    /// <returns>The digest of the uncompressed layer.</returns>
    public async Task<string> ApplyAsync(OciDescriptor layer, IEnumerable<Mount> mounts, CancellationToken cancellationToken)
    {
        var request = new ApplyRequest { Diff = Mapping.DescriptorMapping.ToWire(layer) };
        request.Mounts.AddRange(mounts);
        ApplyResponse response = await AskAsync(ObjectKinds.Blob, layer.Digest, stub.ApplyAsync(request, Options(cancellationToken))).ConfigureAwait(false);
        return response.Applied.Digest;
    }
}
