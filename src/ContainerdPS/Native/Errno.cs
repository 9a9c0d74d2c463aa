using System.Runtime.InteropServices;

namespace ContainerdPS.Native;

/// <summary>Linux error numbers (the same on x64 and arm64) and what they mean to a caller of this module.</summary>
internal static class Errno
{
    public const int EPERM = 1;
    public const int ENOENT = 2;
    public const int ESRCH = 3;
    public const int EINTR = 4;
    public const int EIO = 5;
    public const int ENXIO = 6;
    public const int EAGAIN = 11;
    public const int ENOMEM = 12;
    public const int EACCES = 13;
    public const int EBUSY = 16;
    public const int EEXIST = 17;
    public const int ENOTDIR = 20;
    public const int EISDIR = 21;
    public const int EINVAL = 22;
    public const int ENFILE = 23;
    public const int EMFILE = 24;
    public const int ENOSPC = 28;
    public const int EROFS = 30;
    public const int EPIPE = 32;
    public const int ENAMETOOLONG = 36;
    public const int ENOSYS = 38;
    public const int ENOTEMPTY = 39;
    public const int ELOOP = 40;
    public const int EOPNOTSUPP = 95;
    public const int ETIMEDOUT = 110;
    public const int EDQUOT = 122;
    public const int ECANCELED = 125;

    /// <summary>The error of the P/Invoke this thread has just made.</summary>
    public static int Last => Marshal.GetLastPInvokeError();

    /// <summary>The system's own words for an error, such as <c>Permission denied</c>.</summary>
    public static string Describe(int errno) => Marshal.GetPInvokeErrorMessage(errno);

    public static ContainerdErrorCode ToCode(int errno) => errno switch
    {
        EPERM or EACCES or EROFS => ContainerdErrorCode.PermissionDenied,
        ENOENT => ContainerdErrorCode.NotFound,
        EEXIST => ContainerdErrorCode.AlreadyExists,
        EINVAL or ENAMETOOLONG or ELOOP => ContainerdErrorCode.InvalidArgument,
        ENOMEM or ENFILE or EMFILE or ENOSPC or EDQUOT => ContainerdErrorCode.ResourceExhausted,
        EBUSY or ENOTEMPTY or ENOTDIR or EISDIR => ContainerdErrorCode.FailedPrecondition,
        ENXIO => ContainerdErrorCode.Unavailable,
        EPIPE => ContainerdErrorCode.Aborted,
        ENOSYS or EOPNOTSUPP => ContainerdErrorCode.Unimplemented,
        ETIMEDOUT => ContainerdErrorCode.DeadlineExceeded,
        ECANCELED => ContainerdErrorCode.Cancelled,
        _ => ContainerdErrorCode.Internal,
    };

    /// <summary>Makes the exception of a failed system call.</summary>
    /// <param name="errno">The error number.</param>
    /// <param name="failed">What did not work, as the beginning of a sentence: <c>The fifo '/x' cannot be opened</c>.</param>
    /// <param name="advice">What to do about it, as a sentence of its own.</param>
    public static ContainerdException ToException(int errno, string failed, string? advice = null)
    {
        string message = $"{failed}: {Describe(errno)} (errno {errno}).";
        return new ContainerdException(ToCode(errno), advice is null ? message : $"{message} {advice}");
    }
}
