using System.Runtime.InteropServices;

namespace ContainerdPS.Native;

/// <summary>struct termios of Linux (the same on x64, arm64, riscv64 and s390x), with room for what a C library may add.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TerminalAttributes
{
    /// <summary>Input: newline becomes return, return is dropped.</summary>
    public const uint OtherReturns = 0x40 | 0x80;

    /// <summary>Input: return becomes newline.</summary>
    public const uint ReturnIsNewline = 0x100;

    /// <summary>Input: ctrl-s and ctrl-q stop the output and let it go on.</summary>
    public const uint FlowControl = 0x400;

    /// <summary>Output: newline also returns.</summary>
    public const uint NewlineReturns = 0x1 | 0x4;

    /// <summary>Lines, which can be edited, not keys.</summary>
    public const uint Canonical = 0x2;

    /// <summary>What is typed is shown.</summary>
    public const uint Echo = 0x8;

    /// <summary>ctrl-c and the like are signals; erased characters vanish; control characters are shown as ^X.</summary>
    public const uint Comfort = 0x1 | 0x10 | 0x20 | 0x200 | 0x800 | 0x8000;
    public const int KeyTime = 5;
    public const int FewestKeys = 6;
    public const int EndOfLine = 11;

    public uint Input;
    public uint Output;
    public uint Control;
    public uint Local;
    public byte Discipline;
    public fixed byte Characters[32];
    public uint InputSpeed;
    public uint OutputSpeed;
    private fixed byte spare[16];
}
