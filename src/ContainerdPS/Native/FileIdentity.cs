namespace ContainerdPS.Native;

/// <summary>What makes two names the same file.</summary>
/// <param name="Major">Major number of the file system's device.</param>
/// <param name="Minor">Minor number of the file system's device.</param>
/// <param name="Inode">The file's number in it.</param>
internal readonly record struct FileIdentity(uint Major, uint Minor, ulong Inode)
{
    public bool IsOnSameFileSystem(FileIdentity other) => Major == other.Major && Minor == other.Minor;
}
