using ContainerdPS.Services;

namespace ContainerdPS.Images;

/// <summary>Blobs that an image needs, and the content store lacks: the daemon names the blob alone.</summary>
internal static class MissingContent
{
    public static bool IsOne(ContainerdException e) => e is { Code: ContainerdErrorCode.NotFound, ObjectKind: ObjectKinds.Blob, ObjectId: not null, DaemonMessage: not null, Reason: null };

    /// <summary>That failure.</summary>
    /// <param name="image">The image as errors call it, in quotes.</param>
    /// <param name="e">What the daemon says.</param>
    public static ContainerdException Explain(string image, ContainerdException e) => new(
        e.Code, $"The blob {e.ObjectId} of the image {image} is not here. Receive or import that image once more; Test-ContainerImage tells what it lacks.", e)
    {
        ObjectKind = e.ObjectKind,
        ObjectId = e.ObjectId,
    };
}
