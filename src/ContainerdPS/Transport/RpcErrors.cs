using System.Net.Http;
using System.Net.Sockets;
using Grpc.Core;

namespace ContainerdPS.Transport;

/// <summary>Turns gRPC's exceptions into ours.</summary>
internal static class RpcErrors
{
    /// <summary>HTTP/2's own codes of errors (RFC 9113, section 7).</summary>
    private const long ProtocolError = 1;
    private const long FrameSizeError = 6;
    private const long Http11Required = 13;

    public static Exception Translate(RpcException e, TimeSpan timeout, CancellationToken cancellationToken)
    {
        // A call that is cancelled while its answer comes may fail with what is left of its stream.
        if (cancellationToken.IsCancellationRequested && (e.StatusCode is StatusCode.Cancelled or StatusCode.DeadlineExceeded || IsBrokenConnection(e)))
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
            StatusCode.DeadlineExceeded => Late(timeout, e),
            _ when IsForeignServer(e) => Foreign(e),
            _ when e.StatusCode == StatusCode.Unavailable || IsBrokenConnection(e) => new ContainerdException(
                ContainerdErrorCode.Unavailable,
                "The connection to the daemon broke, or the daemon is shutting down. The next command connects again; see its log when this stays so.",
                e)
            {
                Reason = "ConnectionLost",

                // With a cause of its own, the words are those of the client's library.
                DaemonMessage = e.Status.DebugException is null ? e.Status.Detail : null,
            },
            _ => new ContainerdException(Code(e.StatusCode), e.Status.Detail, e) { DaemonMessage = e.Status.Detail },
        };
    }

    public static ContainerdException Late(TimeSpan timeout, Exception e) => new(
        ContainerdErrorCode.DeadlineExceeded,
        $"The daemon did not answer within {timeout.TotalSeconds:0.###} s. It may be busy or hang; 'Connect-Containerd -Timeout' gives its calls longer.",
        e) { Reason = "DeadlineExceeded" };

    public static ContainerdException Foreign(Exception e) => new(
        ContainerdErrorCode.Unavailable,
        "What listens at this address does not speak containerd's gRPC. Give the address of a containerd daemon, by default /run/containerd/containerd.sock.",
        e) { Reason = "NotAContainerd" };

    /// <summary>An answer that is no HTTP/2, or HTTP/2 that is no gRPC: another program's socket.</summary>
    private static bool IsForeignServer(RpcException e)
    {
        bool foreign = e.StatusCode is StatusCode.Unknown or StatusCode.Internal or StatusCode.Unimplemented or StatusCode.Cancelled
            && e.Status.Detail.StartsWith("Bad gRPC response.", StringComparison.Ordinal);
        for (Exception? cause = e.Status.DebugException; cause is not null; cause = cause.InnerException)
        {
            // A connection that only ended, at its first words or later, does not tell who was there.
            if (cause is SocketException or HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded })
            {
                return false;
            }

            // A server of HTTP/1 answers the preface of HTTP/2 with text, which reads as a frame of a nonsensical size.
            foreign |= cause is HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.VersionNegotiationError }
                or HttpProtocolException { ErrorCode: ProtocolError or FrameSizeError or Http11Required };
        }

        return foreign;
    }

    /// <summary>A stream or connection that the other side gave up, or that ended before its answer did.</summary>
    private static bool IsBrokenConnection(RpcException e)
    {
        for (Exception? cause = e.Status.DebugException; cause is not null; cause = cause.InnerException)
        {
            // A handshake that was not ended is an HttpRequestException with nothing below it.
            if (cause is IOException or HttpRequestException)
            {
                return true;
            }
        }

        return false;
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
