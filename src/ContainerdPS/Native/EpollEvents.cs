namespace ContainerdPS.Native;

/// <summary>What epoll can be asked for and reports.</summary>
[Flags]
internal enum EpollEvents : uint
{
    None = 0,
    Readable = 0x1,
    Writable = 0x4,
    Error = 0x8,
    HangUp = 0x10,

    /// <summary>Report once, then nothing (not even a hang-up) until armed again.</summary>
    OneShot = 0x40000000,

    /// <summary>Report what is so now once, and then each change.</summary>
    EdgeTriggered = 0x80000000,
}
