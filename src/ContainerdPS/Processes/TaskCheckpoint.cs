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
    public static async Task<ContentDescriptor> FindAsync(NamespaceClient client, string image, CancellationToken cancellationToken)
    {
        Wire.ImagesV1.Image found = await ImageLookup.GetAsync(client, image, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<OciDescriptor> parts = MediaTypes.IsIndex(found.Target.MediaType)
            ? await new ImageReader(client).IndexAsync(DescriptorMapping.FromWire(found.Target), cancellationToken).ConfigureAwait(false)
            : [];
        OciDescriptor dump = parts.FirstOrDefault(static part => part.MediaType == CheckpointIndex.Processes) ?? throw Without(client, found.Name);
        return DescriptorMapping.ToWire(dump);
    }

    /// <summary>The error of a checkpoint that was made without its task.</summary>
    public static ContainerdException Without(NamespaceClient client, string image) => new(
        ContainerdErrorCode.InvalidArgument,
        $"The image '{image}' in namespace '{client.Namespace}' holds no processes, so no task can be restored from it. A checkpoint made with its task does.") { Reason = "NotATaskCheckpoint" };
}
