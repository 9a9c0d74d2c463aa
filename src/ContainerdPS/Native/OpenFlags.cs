using System.Runtime.InteropServices;

namespace ContainerdPS.Native;

/// <summary>Flags of open(2), openat(2) and openat2(2) on Linux.</summary>
internal static class OpenFlags
{
    public const int ReadOnly = 0;
    public const int WriteOnly = 1;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int NoTerminal = 0x100;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;

    /// <summary>Names a file without opening it: no driver is asked, no fifo waits, no permission on it is needed.</summary>
    public const int PathOnly = 0x200000;

    // The only flags here that differ between the architectures .NET runs on.
    private static readonly bool ArmOrPower = RuntimeInformation.ProcessArchitecture
        is Architecture.Arm or Architecture.Armv6 or Architecture.Arm64 or Architecture.Ppc64le;

    public static int OnlyDirectory => ArmOrPower ? 0x4000 : 0x10000;

    public static int NoFollow => ArmOrPower ? 0x8000 : 0x20000;

    /// <summary>Lets a 32-bit process open files of more than 2 GiB; a 64-bit one always may.</summary>
    public static int LargeFile => Environment.Is64BitProcess ? 0 : ArmOrPower ? 0x20000 : 0x8000;
}
