using Grpc.Core;

namespace ContainerdPS.Transport;

/// <summary>
/// Puts the namespace, the lease and the deadline on every call, and turns what gRPC throws into
/// <see cref="ContainerdException"/>, so that nothing above it knows gRPC's errors.
/// </summary>
internal sealed class DaemonCallInvoker(CallInvoker inner, string? @namespace, string? lease, TimeSpan timeout) : CallInvoker
{
    private readonly Metadata headers = Headers(@namespace, lease);

    private TimeSpan Timeout => timeout;

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        throw new NotSupportedException("Calls to the daemon are asynchronous.");

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        options = Complete(method, options);
        AsyncUnaryCall<TResponse> call = inner.AsyncUnaryCall(method, host, options, request);
        return new AsyncUnaryCall<TResponse>(
            ResponseAsync(call.ResponseAsync, options.CancellationToken), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        options = Complete(method, options);
        AsyncServerStreamingCall<TResponse> call = inner.AsyncServerStreamingCall(method, host, options, request);
        TimeSpan idle = UnboundedMethods.Contains(method.FullName) ? TimeSpan.Zero : timeout;
        return new AsyncServerStreamingCall<TResponse>(
            new Reader<TResponse>(this, call.ResponseStream, idle, call.Dispose), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options) =>
        throw new NotSupportedException("No service of containerd streams from the client alone.");

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        options = Complete(method, options);
        AsyncDuplexStreamingCall<TRequest, TResponse> call = inner.AsyncDuplexStreamingCall(method, host, options);
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(
            new Writer<TRequest>(this, call.RequestStream, options.CancellationToken),
            new Reader<TResponse>(this, call.ResponseStream, TimeSpan.Zero, call.Dispose),
            call.ResponseHeadersAsync,
            call.GetStatus,
            call.GetTrailers,
            call.Dispose);
    }

    private static Metadata Headers(string? @namespace, string? lease)
    {
        var headers = new Metadata();
        if (@namespace is not null)
        {
            headers.Add("containerd-namespace", @namespace);
        }

        if (lease is not null)
        {
            headers.Add("containerd-lease", lease);
        }

        return headers;
    }

    private CallOptions Complete<TRequest, TResponse>(Method<TRequest, TResponse> method, CallOptions options)
    {
        options = options.WithHeaders(headers);
        return options.Deadline is null && method.Type == MethodType.Unary && timeout > TimeSpan.Zero && !UnboundedMethods.Contains(method.FullName)
            ? options.WithDeadline(DateTime.UtcNow + timeout)
            : options;
    }

    private async Task<T> ResponseAsync<T>(Task<T> response, CancellationToken cancellationToken)
    {
        try
        {
            return await response.ConfigureAwait(false);
        }
        catch (RpcException e)
        {
            throw RpcErrors.Translate(e, timeout, cancellationToken);
        }
    }

    /// <summary>Reads a stream, each message of which has to come within the idle time; zero is none.</summary>
    private sealed class Reader<T>(DaemonCallInvoker invoker, IAsyncStreamReader<T> reader, TimeSpan idle, Action end) : IAsyncStreamReader<T>
    {
        public T Current => reader.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            try
            {
                Task<bool> next = reader.MoveNext(cancellationToken);
                return next.IsCompleted || idle <= TimeSpan.Zero
                    ? await next.ConfigureAwait(false)
                    : await next.WaitAsync(idle, CancellationToken.None).ConfigureAwait(false);
            }
            catch (TimeoutException e)
            {
                end();
                throw RpcErrors.Late(invoker.Timeout, e);
            }
            catch (RpcException e)
            {
                throw RpcErrors.Translate(e, invoker.Timeout, cancellationToken);
            }
        }
    }

    private sealed class Writer<T>(DaemonCallInvoker invoker, IClientStreamWriter<T> writer, CancellationToken callCancellation) : IClientStreamWriter<T>
    {
        public WriteOptions? WriteOptions
        {
            get => writer.WriteOptions;
            set => writer.WriteOptions = value;
        }

        public Task WriteAsync(T message) => WriteAsync(message, callCancellation);

        public async Task WriteAsync(T message, CancellationToken cancellationToken)
        {
            try
            {
                await writer.WriteAsync(message, cancellationToken).ConfigureAwait(false);
            }
            catch (RpcException e)
            {
                throw RpcErrors.Translate(e, invoker.Timeout, cancellationToken);
            }
        }

        public Task CompleteAsync() => writer.CompleteAsync();
    }
}
