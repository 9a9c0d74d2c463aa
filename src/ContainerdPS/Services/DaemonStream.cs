using System.Security.Cryptography;
using ContainerdPS.Wire.StreamingV1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ContainerdPS.Services;

/// <summary>containerd.services.streaming.v1: a stream of messages that a transfer refers to by its id. Since 1.7.</summary>
internal sealed class DaemonStream : IAsyncDisposable
{
    private readonly CancellationTokenSource life = new();
    private readonly AsyncDuplexStreamingCall<Any, Any> call;

    private DaemonStream(CallInvoker invoker, string id)
    {
        Id = id;
        call = new Streaming.StreamingClient(invoker).Stream(new CallOptions(cancellationToken: life.Token));
    }

    public string Id { get; }

    /// <summary>Opens a stream. When this returns, the daemon knows it.</summary>
    /// <param name="invoker">The calls of a namespace.</param>
    /// <param name="purpose">What it is for, for who looks on.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<DaemonStream> OpenAsync(CallInvoker invoker, string purpose, CancellationToken cancellationToken)
    {
        var stream = new DaemonStream(invoker, $"containerdps-{purpose}-{Convert.ToHexString(RandomNumberGenerator.GetBytes(8)).ToLowerInvariant()}");
        try
        {
            await stream.SendAsync(new StreamInit { Id = stream.Id }, cancellationToken).ConfigureAwait(false);
            return await stream.ReadAsync(cancellationToken).ConfigureAwait(false) is not null ? stream : throw new ContainerdException(
                ContainerdErrorCode.Unavailable, "The daemon ended a stream before it began.") { Reason = "ConnectionLost" };
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The next message; null when the daemon has ended the stream.</summary>
    public async Task<Any?> ReadAsync(CancellationToken cancellationToken) =>
        await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false) ? call.ResponseStream.Current : null;

    public Task SendAsync(IMessage message, CancellationToken cancellationToken) => call.RequestStream.WriteAsync(PackedAny.Of(message), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await life.CancelAsync().ConfigureAwait(false);
        call.Dispose();
        life.Dispose();
    }
}
