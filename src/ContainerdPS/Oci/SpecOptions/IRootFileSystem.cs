namespace ContainerdPS.Oci.SpecOptions;

/// <summary>Files of a container's root file system, by their path inside the container.</summary>
internal interface IRootFileSystem
{
    /// <summary>Opens a file; null when there is none, or when the path names no regular file.</summary>
    /// <param name="path">Absolute path inside the root; symbolic links are followed inside the root.</param>
    /// <exception cref="ContainerdException">The file system cannot be read, or its links go round in circles.</exception>
    Stream? OpenRead(string path);
}
