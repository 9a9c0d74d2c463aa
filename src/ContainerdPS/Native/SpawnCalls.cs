using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ContainerdPS.Native;

/// <summary>posix_spawn(3), for what System.Diagnostics.Process cannot do: a session of its own and no inherited descriptors.</summary>
internal static unsafe partial class SpawnCalls
{
    private const short SetSignalDefaults = 0x04;
    private const short SetSignalMask = 0x08;
    private const short SetSession = 0x80;
    private const int ReadOnly = 0;
    private const int WriteOnlyCreateAppend = 0x1 | 0x40 | 0x400;
    private const int OwnerReadWrite = 0x180;
    private const int CloseOnExec = 0x80000;

    // Larger than either structure in any libc (336 bytes is the largest known), which are opaque to us.
    private const int OpaqueSize = 512;

    /// <summary>
    /// Starts a program in a new session, with default signal handling and an empty mask (the runtime ignores SIGPIPE,
    /// and exec would hand that on).
    /// </summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="arguments">All arguments, the program's name first.</param>
    /// <param name="environment">The whole environment, as NAME=VALUE.</param>
    /// <param name="input">The descriptor that becomes standard input; null for /dev/null.</param>
    /// <param name="outputPath">The file standard output and error are appended to; it is created with mode 0600.</param>
    /// <returns>The process id.</returns>
    /// <exception cref="Win32Exception">The program could not be started; carries errno.</exception>
    public static int Spawn(
        string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment, SafeHandle? input, string outputPath)
    {
        var actions = stackalloc byte[OpaqueSize];
        var attributes = stackalloc byte[OpaqueSize];
        var allSignals = stackalloc byte[128];
        var noSignals = stackalloc byte[128];
        var argv = NativeStrings(arguments);
        var envp = NativeStrings(environment);
        var inputHeld = false;
        Check(posix_spawn_file_actions_init(actions));
        Check(posix_spawnattr_init(attributes));
        try
        {
            _ = sigfillset(allSignals);
            _ = sigemptyset(noSignals);
            Check(posix_spawnattr_setsigdefault(attributes, allSignals));
            Check(posix_spawnattr_setsigmask(attributes, noSignals));
            Check(posix_spawnattr_setflags(attributes, SetSignalDefaults | SetSignalMask | SetSession));

            if (input is null)
            {
                Check(posix_spawn_file_actions_addopen(actions, 0, "/dev/null", ReadOnly, 0));
            }
            else
            {
                input.DangerousAddRef(ref inputHeld);
                Check(posix_spawn_file_actions_adddup2(actions, (int)input.DangerousGetHandle(), 0));
            }

            Check(posix_spawn_file_actions_addopen(actions, 1, outputPath, WriteOnlyCreateAppend, OwnerReadWrite));
            Check(posix_spawn_file_actions_adddup2(actions, 1, 2));
            foreach (var inherited in InheritableDescriptors())
            {
                Check(posix_spawn_file_actions_addclose(actions, inherited));
            }

            Check(posix_spawn(out var processId, path, actions, attributes, argv, envp));
            return processId;
        }
        finally
        {
            if (inputHeld)
            {
                input!.DangerousRelease();
            }

            _ = posix_spawnattr_destroy(attributes);
            _ = posix_spawn_file_actions_destroy(actions);
            Free(argv);
            Free(envp);
        }
    }

    /// <summary>
    /// What this process was itself given open by its parent and would hand on: a long-lived daemon holding the pipe of a
    /// build server's job would keep that job from ending. Everything .NET opens is closed on exec already.
    /// </summary>
    private static List<int> InheritableDescriptors()
    {
        var found = new List<int>();
        foreach (var entry in Directory.EnumerateFiles("/proc/self/fdinfo"))
        {
            if (!int.TryParse(Path.GetFileName(entry.AsSpan()), out var descriptor) || descriptor < 3)
            {
                continue;
            }

            try
            {
                foreach (var line in File.ReadLines(entry))
                {
                    if (line.StartsWith("flags:", StringComparison.Ordinal))
                    {
                        if ((Convert.ToInt64(line["flags:".Length..].Trim(), 8) & CloseOnExec) == 0)
                        {
                            found.Add(descriptor);
                        }

                        break;
                    }
                }
            }
            catch (IOException)
            {
                // Closed between being listed and being read.
            }
        }

        return found;
    }

    private static byte** NativeStrings(IReadOnlyList<string> values)
    {
        var list = (byte**)NativeMemory.AllocZeroed((nuint)(values.Count + 1), (nuint)sizeof(byte*));
        for (var i = 0; i < values.Count; i++)
        {
            list[i] = (byte*)Marshal.StringToCoTaskMemUTF8(values[i]);
        }

        return list;
    }

    private static void Free(byte** list)
    {
        for (var i = 0; list[i] != null; i++)
        {
            Marshal.FreeCoTaskMem((nint)list[i]);
        }

        NativeMemory.Free(list);
    }

    // These functions return the error instead of setting errno.
    private static void Check(int error)
    {
        if (error != 0)
        {
            throw new Win32Exception(error);
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn(
        out int processId, string path, byte* actions, byte* attributes, byte** argv, byte** envp);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_init(byte* actions);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_destroy(byte* actions);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn_file_actions_addopen(
        byte* actions, int descriptor, string path, int flags, uint mode);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_adddup2(byte* actions, int descriptor, int target);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_addclose(byte* actions, int descriptor);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_init(byte* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_destroy(byte* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setflags(byte* attributes, short flags);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigdefault(byte* attributes, byte* signals);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigmask(byte* attributes, byte* signals);

    [LibraryImport("libc")]
    private static partial int sigfillset(byte* signals);

    [LibraryImport("libc")]
    private static partial int sigemptyset(byte* signals);
}
