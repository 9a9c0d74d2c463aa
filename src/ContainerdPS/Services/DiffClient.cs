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

    /// <summary>
    /// Writes what the right tree has changed against the left as a layer into the content store, on the daemon's side.
    /// Call it under a lease. What fails leaves a running write under the reference.
    /// </summary>
    /// <param name="left">The mounts of the older tree; none for all that is in the right one.</param>
    /// <param name="right">The mounts of the newer tree.</param>
    /// <param name="mediaType">The media type of the layer: an uncompressed tar, or gzip; zstd since 1.7.</param>
    /// <param name="reference">The name of the write while it goes on: nobody else may be writing under it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<OciDescriptor> DiffAsync(
        IEnumerable<Mount> left, IEnumerable<Mount> right, string mediaType, string reference, CancellationToken cancellationToken)
    {
        var request = new DiffRequest { MediaType = mediaType, Ref = reference };
        request.Left.AddRange(left);
        request.Right.AddRange(right);
        DiffResponse response = await AskAsync(ObjectKinds.Blob, reference, stub.DiffAsync(request, Options(cancellationToken))).ConfigureAwait(false);
        return Mapping.DescriptorMapping.FromWire(response.Diff);
    }
}
