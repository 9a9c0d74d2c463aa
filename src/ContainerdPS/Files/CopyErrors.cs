using ContainerdPS.Native;

namespace ContainerdPS.Files;

/// <summary>The failures of copying, in words: which path of which side, and what to do.</summary>
internal static class CopyErrors
{
    /// <summary>Whether nothing more can be copied to a destination after this.</summary>
    public static bool EndsCopy(ContainerdException e) => e.Reason is "DiskFull" or "ReadOnlyFileSystem" or "TooManyOpenFiles";

    /// <summary>Makes the failure of a system call about a path.</summary>
    public static ContainerdException From(int error, FileRoot root, string path)
    {
        string what = root.Describe(path);
        return error switch
        {
            Errno.ENOENT => Make(ContainerdErrorCode.NotFound, "PathNotFound", $"There is no {what}.{(root.Container is null ? string.Empty : Absent(path))}"),
            Errno.ENOTDIR => Make(ContainerdErrorCode.FailedPrecondition, "NotAFolder", $"{what} leads through something that is no folder."),
            Errno.ELOOP => Make(ContainerdErrorCode.InvalidArgument, "TooManyLinks", $"{what} leads through too many symbolic links (they probably go round in circles), or through one of the kernel's own in /proc."),
            Errno.EAGAIN => Make(ContainerdErrorCode.Aborted, "PathChanging", $"{what} cannot be followed: folders on the way are being moved all the time. Suspend-ContainerTask holds the container still."),
            Errno.ENAMETOOLONG => Make(ContainerdErrorCode.InvalidArgument, "NameTooLong", $"{what} is too long: a name has at most 255 bytes (fewer on some file systems), a path at most 4095."),
            Errno.EROFS => Make(ContainerdErrorCode.PermissionDenied, "ReadOnlyFileSystem", root.Container is null
                ? $"{what} is on a file system that is mounted read-only."
                : $"{what} is read-only there: the container has a read-only root filesystem or mount. Copy into one of its writable mounts, or onto the host's side of the mount."),
            Errno.ENOSPC or Errno.EDQUOT => Make(ContainerdErrorCode.ResourceExhausted, "DiskFull", $"There is no room left for {what}: {Errno.Describe(error)}. What was copied before is whole; the file at hand was taken back."),
            Errno.EMFILE or Errno.ENFILE => Make(ContainerdErrorCode.ResourceExhausted, "TooManyOpenFiles", $"{what} cannot be opened: {Errno.Describe(error)}."),
            Errno.EBUSY => Make(ContainerdErrorCode.FailedPrecondition, "DestinationIsMountPoint", $"{what} cannot be replaced: something is mounted on it, as runtimes do with /etc/hosts and /etc/resolv.conf. Copy onto the file that is mounted there, or write into it with Invoke-ContainerCommand."),
            Errno.EPERM or Errno.EACCES => Make(ContainerdErrorCode.PermissionDenied, "FileAccessDenied", $"{what} may not be accessed: {Errno.Describe(error)}. Files of containers mostly belong to root: run the shell with sudo."),
            _ => Make(Errno.ToCode(error), "CopyFailed", $"{what} cannot be copied: {Errno.Describe(error)} (errno {error})."),
        };
    }

    public static ContainerdException Make(ContainerdErrorCode code, string reason, string message) => new(code, message) { Reason = reason };

    /// <summary>A device, a socket and the like.</summary>
    public static ContainerdException Unsupported(FileStatus status, FileRoot root, string path) => Make(
        ContainerdErrorCode.InvalidArgument,
        "UnsupportedFileType",
        $"{root.Describe(path)} is a {(status.IsSocket ? "socket" : "device")}, which is not copied: only files, folders, symbolic links and fifos are.");

    /// <summary>Something that could not be made under its name for the time being.</summary>
    public static ContainerdException CannotMake(int error, FileRoot root, string path) => error == Errno.ENOENT
        ? Make(ContainerdErrorCode.FailedPrecondition, "DestinationTakesNoFiles", $"{root.Describe(path)} cannot be made: its folder was removed meanwhile, or is one of the kernel's, which take no files.")
        : From(error, root, path);

    /// <summary>A symbolic link that was to be followed and cannot be.</summary>
    public static ContainerdException LinkTarget(int error, FileRoot root, string path) => error == Errno.ENOENT
        ? Make(ContainerdErrorCode.NotFound, "LinkTargetNotFound", $"The symbolic link {root.Describe(path)} leads nowhere, so there is nothing to copy. Without -FollowSymlink the link itself is copied.")
        : From(error, root, path);

    private static string Absent(string path) => path.Contains('\\', StringComparison.Ordinal) ? " Paths in a container have slashes, not backslashes." : string.Empty;
}
