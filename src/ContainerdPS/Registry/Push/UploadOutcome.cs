namespace ContainerdPS.Registry;

/// <summary>How a registry came to have a blob.</summary>
internal enum UploadOutcome
{
    /// <summary>It had it before.</summary>
    Present,

    /// <summary>It took it from another of its repositories.</summary>
    Mounted,
    Sent,
}
