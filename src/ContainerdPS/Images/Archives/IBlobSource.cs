using ContainerdPS.Oci;

namespace ContainerdPS.Images.Archives;

/// <summary>Where the blobs of an image come from. It is asked for one after the other.</summary>
internal interface IBlobSource
{
    /// <summary>Looks for a blob, and leaves it where it is.</summary>
    /// <returns>Its size in bytes; null when neither the archive nor the sink has it.</returns>
    Task<long?> FindAsync(OciDescriptor blob, CancellationToken cancellationToken);

    /// <summary>Sees to it that the sink has a blob, unless it is of another size than it should be.</summary>
    /// <returns>Its size in bytes; null when neither the archive nor the sink has it.</returns>
    /// <exception cref="ContainerdException">DataLoss: what the archive has under this digest is another blob.</exception>
    Task<long?> ProvideAsync(OciDescriptor blob, CancellationToken cancellationToken);
}
