namespace ContainerdPS.Images.Progress;

/// <summary>What is being done with a part of an image.</summary>
internal enum PartState
{
    Waiting,
    Downloading,
    Uploading,

    /// <summary>It is written into the content store, or from there into an archive.</summary>
    Writing,

    /// <summary>It was where it is wanted before.</summary>
    Present,

    /// <summary>It was taken from another repository of the same registry.</summary>
    Mounted,
    Transferred,
    Unpacking,
    Unpacked,
}
