namespace ContainerdPS;

/// <summary>What a path in a container is.</summary>
public enum ContainerFileKind
{
    /// <summary>A file.</summary>
    File,

    /// <summary>A folder.</summary>
    Directory,

    /// <summary>A symbolic link.</summary>
    SymbolicLink,

    /// <summary>A further name of a file.</summary>
    HardLink,

    /// <summary>A device, by blocks or characters.</summary>
    Device,

    /// <summary>A named pipe.</summary>
    Fifo,

    /// <summary>Something else.</summary>
    Other,
}
