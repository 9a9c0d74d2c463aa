using System.Runtime.InteropServices;

namespace ContainerdPS.Native;

/// <summary>kill(2) and the wait family.</summary>
internal static unsafe partial class ProcessCalls
{
    public const int Kill = 9;
    public const int Terminate = 15;

    private const int IdTypeProcess = 1;
    private const int WaitExited = 4;
    private const int WaitNoReap = 0x01000000;
    private const int Interrupted = 4;

    /// <summary>Sends a signal; false when the process is gone or not ours to signal.</summary>
    public static bool Signal(int processId, int signal) => kill(processId, signal) == 0;

    /// <summary>
    /// Blocks until a child has ended and leaves it unreaped, so that its id cannot be given to another process yet.
    /// </summary>
    public static void WaitForEnd(int processId)
    {
        var information = stackalloc byte[128];
        while (waitid(IdTypeProcess, processId, information, WaitExited | WaitNoReap) != 0
            && Marshal.GetLastPInvokeError() == Interrupted)
        {
        }
    }

    /// <summary>Takes the exit status of an ended child: its code, 128 + signal, or -1 when somebody else reaped it.</summary>
    public static int Reap(int processId)
    {
        int status;
        int result;
        do
        {
            result = waitpid(processId, out status, 0);
        }
        while (result < 0 && Marshal.GetLastPInvokeError() == Interrupted);

        if (result != processId)
        {
            return -1;
        }

        var signal = status & 0x7f;
        return signal == 0 ? (status >> 8) & 0xff : 128 + signal;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int processId, int signal);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int waitid(int idType, int id, byte* information, int options);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int waitpid(int processId, out int status, int options);
}
