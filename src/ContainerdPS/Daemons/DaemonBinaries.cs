namespace ContainerdPS.Daemons;

/// <summary>The programs a daemon needs, found before anything is started so that a missing one is named at once.</summary>
internal sealed record DaemonBinaries(string Daemon, string Runtime, string SearchPath)
{
    // A user's PATH often lacks the sbin folders, where distributions put runc.
    private static readonly string[] UsualFolders =
        ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    /// <exception cref="ContainerdException">A program is missing: NotFound, with what to install.</exception>
    public static DaemonBinaries Find(PrivateDaemonOptions options)
    {
        var folders = new List<string>();
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(UsualFolders))
        {
            if (folder.StartsWith('/') && !folders.Contains(folder))
            {
                folders.Add(folder);
            }
        }

        var daemon = Required("containerd", options.BinaryPath, folders, "Install containerd (Debian, Ubuntu: "
            + "apt-get install containerd; Fedora: dnf install containerd) or name the binary's path.");
        var runtime = Required("runc", options.RuntimePath, folders, "Install runc (Debian, Ubuntu: apt-get install runc; "
            + "Fedora: dnf install runc) or name the binary's path: no container can run without it.");

        // containerd looks for its shims beside itself and then along PATH.
        var beside = Path.GetDirectoryName(daemon)!;
        folders.Remove(beside);
        folders.Insert(0, beside);
        _ = Required("containerd-shim-runc-v2", null, folders, $"It belongs beside '{daemon}': reinstall containerd.");
        return new DaemonBinaries(daemon, runtime, string.Join(':', folders));
    }

    private static string Required(string name, string? given, List<string> folders, string advice)
    {
        if (given is not null)
        {
            return IsExecutable(given)
                ? Path.GetFullPath(given)
                : throw new ContainerdException(
                    ContainerdErrorCode.NotFound, $"There is no executable file '{given}' to use as {name}. {advice}") { Reason = "ProgramNotFound" };
        }

        foreach (var folder in folders)
        {
            var candidate = Path.Combine(folder, name);
            if (IsExecutable(candidate))
            {
                return candidate;
            }
        }

        throw new ContainerdException(
            ContainerdErrorCode.NotFound,
            $"A private daemon needs {name}, which is in none of {string.Join(", ", folders)}. {advice}") { Reason = "ProgramNotFound" };
    }

    private static bool IsExecutable(string path) =>
        !OperatingSystem.IsWindows() && File.Exists(path) && (File.GetUnixFileMode(path)
            & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;
}
