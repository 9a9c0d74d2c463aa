namespace ContainerdPS.Native;

/// <summary>Flags of mount(2).</summary>
[Flags]
internal enum MountFlags : uint
{
    None = 0,
    ReadOnly = 0x1,
    NoSetUid = 0x2,
    NoDevices = 0x4,
    NoExecution = 0x8,
    Synchronous = 0x10,
    Remount = 0x20,
    DirectorySynchronous = 0x80,
    NoAccessTime = 0x400,
    NoDirectoryAccessTime = 0x800,
    Bind = 0x1000,
    Recursive = 0x4000,
    Private = 0x40000,
    RelativeAccessTime = 0x200000,
    StrictAccessTime = 0x1000000,
}
