using System.Buffers.Binary;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace FakeContainerd;

/// <summary>One call of a client: what it asks, under which headers, and the way to answer it.</summary>
public sealed class FakeCall
{
    private const int FrameHeader = 5;

    private readonly HttpContext context;

    internal FakeCall(HttpContext context)
    {
        this.context = context;

        // Kept apart: the server uses the context again for another call.
        Path = context.Request.Path.Value!;
        Namespace = context.Request.Headers["containerd-namespace"].ToString();
        Lease = context.Request.Headers["containerd-lease"].ToString();
    }

    /// <summary>The full path, such as <c>/containerd.services.containers.v1.Containers/Get</c>.</summary>
    public string Path { get; }

    /// <summary>The service and method, such as <c>Containers/Get</c>.</summary>
    public string Method => Path[(Path.LastIndexOf('.') + 1)..];

    /// <summary>The header containerd-namespace; empty when there is none.</summary>
    public string Namespace { get; }

    /// <summary>The header containerd-lease; empty when there is none.</summary>
    public string Lease { get; }

    /// <summary>Ends when the client gives the call up.</summary>
    public CancellationToken Aborting => context.RequestAborted;

    internal Func<FakeCall, Task>? BeforeAnswer { get; set; }

    internal bool Aborted { get; private set; }

    /// <summary>Sends one message.</summary>
    public async Task WriteAsync(IMessage message)
    {
        await AnnounceAnswerAsync();
        byte[] frame = new byte[FrameHeader + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), frame.Length - FrameHeader);
        message.WriteTo(frame.AsSpan(FrameHeader));
        await context.Response.BodyWriter.WriteAsync(frame, Aborting);
    }

    /// <summary>Reads the next message of a client that streams; null when it has sent its last.</summary>
    public async Task<T?> ReadAsync<T>()
        where T : class, IMessage<T>, new()
    {
        try
        {
            var message = new T();
            message.MergeFrom(await ReadAsync());
            return message;
        }
        catch (EndOfStreamException)
        {
            return null;
        }
    }

    /// <summary>Breaks the call off without a status, as a daemon that dies does.</summary>
    public void Break()
    {
        Aborted = true;
        context.Abort();
    }

    /// <summary>Gives the test its look at the call, once.</summary>
    internal async Task AnnounceAnswerAsync()
    {
        if (BeforeAnswer is { } before)
        {
            BeforeAnswer = null;
            await before(this);
        }
    }

    /// <summary>Reads the next message of the client.</summary>
    internal async Task<byte[]> ReadAsync()
    {
        byte[] header = new byte[FrameHeader];
        await context.Request.Body.ReadExactlyAsync(header, Aborting);
        byte[] message = new byte[BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1))];
        await context.Request.Body.ReadExactlyAsync(message, Aborting);
        return message;
    }
}
