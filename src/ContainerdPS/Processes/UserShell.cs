using ContainerdPS.Oci.SpecOptions;

namespace ContainerdPS.Processes;

/// <summary>The shell to start for a user of a container who names none.</summary>
internal static class UserShell
{
    /// <summary>What every image with a shell has.</summary>
    public const string Default = "/bin/sh";

    /// <summary>Accounts that nobody is to log in to name one of these; who enters a container does not log in.</summary>
    private static readonly string[] NoShells = ["nologin", "false", "true", "sync", "halt", "shutdown"];

    /// <summary>The shell that /etc/passwd names, where it is one and the image has it; else <see cref="Default"/>.</summary>
    public static string Find(uint uid, IRootFileSystem? root)
    {
        try
        {
            string? shell = root is null ? null : UserDatabase.Read(root).Users.FirstOrDefault(user => user.Uid == uid)?.Shell;
            if (shell is not { Length: > 1 } || shell[0] != '/' || NoShells.Contains(Path.GetFileName(shell)))
            {
                return Default;
            }

            using Stream? program = root!.OpenRead(shell);
            return program is null ? Default : shell;
        }
        catch (Exception e) when (e is ContainerdException or IOException or UnauthorizedAccessException)
        {
            // A root that cannot be looked into may have a shell all the same.
            return Default;
        }
    }
}
