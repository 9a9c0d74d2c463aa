using ContainerdPS.Oci;

namespace ContainerdPS.Images.Archives;

/// <summary>Where the blobs of an image come from.</summary>
internal interface IBlobSource
{
    /// <summary>Sees to it that the sink has a blob.</summary>
    /// <returns>Its size in bytes; null when neither the archive nor the sink has it.</returns>
    /// <exception cref="ContainerdException">DataLoss: what the archive has under this digest is another blob.</exception>
    Task<long?> ProvideAsync(OciDescriptor blob, CancellationToken cancellationToken);
}
