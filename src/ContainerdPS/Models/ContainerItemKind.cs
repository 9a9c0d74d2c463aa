namespace ContainerdPS;

/// <summary>What a <see cref="ContainerItem"/> is.</summary>
public enum ContainerItemKind
{
    /// <summary>A regular file.</summary>
    File,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A symbolic link.</summary>
    SymbolicLink,

    /// <summary>A fifo.</summary>
    Fifo,
}
