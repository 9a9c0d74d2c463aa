using System.Net.Http;
using Grpc.Core;

namespace ContainerdPS.Transport;

/// <summary>Turns gRPC's exceptions into ours.</summary>
internal static class RpcErrors
{
    public static Exception Translate(RpcException e, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested && e.StatusCode is StatusCode.Cancelled or StatusCode.DeadlineExceeded)
        {
            return new OperationCanceledException("The call was cancelled.", e, cancellationToken);
        }

        for (Exception? cause = e.Status.DebugException; cause is not null; cause = cause.InnerException)
        {
            if (cause is ContainerdException known)
            {
                return new ContainerdException(known.Code, known.Message, known) { Reason = known.Reason };
            }
        }

        return e.StatusCode switch
        {
            StatusCode.DeadlineExceeded => new ContainerdException(
                ContainerdErrorCode.DeadlineExceeded,
                $"The daemon did not answer within {timeout.TotalSeconds:0.###} s. It may be busy or hang; 'Connect-Containerd -Timeout' gives its calls longer.",
                e) { Reason = "DeadlineExceeded" },
            _ when IsForeignServer(e) => new ContainerdException(
                ContainerdErrorCode.Unavailable,
                "What listens at this address does not speak containerd's gRPC. Give the address of a containerd daemon, by default /run/containerd/containerd.sock.",
                e) { Reason = "NotAContainerd" },
            StatusCode.Unavailable => new ContainerdException(
                ContainerdErrorCode.Unavailable,
                "The connection to the daemon broke, or the daemon is shutting down. The next command connects again; see its log when this stays so.",
                e) { Reason = "ConnectionLost", DaemonMessage = e.Status.Detail },
            _ => new ContainerdException(Code(e.StatusCode), e.Status.Detail, e) { DaemonMessage = e.Status.Detail },
        };
    }

    /// <summary>An answer that is no HTTP/2, or HTTP/2 that is no gRPC: another program's socket.</summary>
    private static bool IsForeignServer(RpcException e)
    {
        for (Exception? cause = e.Status.DebugException; cause is not null; cause = cause.InnerException)
        {
            if (cause is HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.VersionNegotiationError })
            {
                return true;
            }

            // A server of HTTP/1 answers the preface of HTTP/2 with text, which reads as a frame of a nonsensical size.
            if (cause is HttpProtocolException)
            {
                return true;
            }
        }

        return e.StatusCode is StatusCode.Unknown or StatusCode.Internal or StatusCode.Unimplemented or StatusCode.Cancelled
            && e.Status.Detail.StartsWith("Bad gRPC response.", StringComparison.Ordinal);
    }

    private static ContainerdErrorCode Code(StatusCode status) => status switch
    {
        StatusCode.Cancelled => ContainerdErrorCode.Cancelled,
        StatusCode.InvalidArgument => ContainerdErrorCode.InvalidArgument,
        StatusCode.DeadlineExceeded => ContainerdErrorCode.DeadlineExceeded,
        StatusCode.NotFound => ContainerdErrorCode.NotFound,
        StatusCode.AlreadyExists => ContainerdErrorCode.AlreadyExists,
        StatusCode.PermissionDenied => ContainerdErrorCode.PermissionDenied,
        StatusCode.ResourceExhausted => ContainerdErrorCode.ResourceExhausted,
        StatusCode.FailedPrecondition => ContainerdErrorCode.FailedPrecondition,
        StatusCode.Aborted => ContainerdErrorCode.Aborted,
        StatusCode.OutOfRange => ContainerdErrorCode.OutOfRange,
        StatusCode.Unimplemented => ContainerdErrorCode.Unimplemented,
        StatusCode.Internal => ContainerdErrorCode.Internal,
        StatusCode.Unavailable => ContainerdErrorCode.Unavailable,
        StatusCode.DataLoss => ContainerdErrorCode.DataLoss,
        StatusCode.Unauthenticated => ContainerdErrorCode.Unauthenticated,
        _ => ContainerdErrorCode.Unknown,
    };
}
