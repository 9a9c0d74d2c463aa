using ContainerdPS.Images;
using ContainerdPS.Mapping;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;
using ContainerdPS.Wire.Types;

namespace ContainerdPS.Processes;

/// <summary>The process dump in an image that a checkpoint has made.</summary>
internal static class TaskCheckpoint
{
    private const string DumpType = "application/vnd.containerd.container.criu.checkpoint.criu.tar";

    public static async Task<ContentDescriptor> FindAsync(NamespaceClient client, string image, CancellationToken cancellationToken)
    {
        Wire.ImagesV1.Image found = await ImageLookup.GetAsync(client, image, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<OciDescriptor> parts = MediaTypes.IsIndex(found.Target.MediaType)
            ? await new ImageReader(client).IndexAsync(DescriptorMapping.FromWire(found.Target), cancellationToken).ConfigureAwait(false)
            : [];
        OciDescriptor dump = parts.FirstOrDefault(static part => part.MediaType == DumpType) ?? throw new ContainerdException(
            ContainerdErrorCode.InvalidArgument,
            $"The image '{found.Name}' in namespace '{client.Namespace}' holds no processes, so no task can be restored from it. A checkpoint made with its task does.") { Reason = "NotATaskCheckpoint" };
        return DescriptorMapping.ToWire(dump);
    }
}
