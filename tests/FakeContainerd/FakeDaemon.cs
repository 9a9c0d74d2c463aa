using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace FakeContainerd;

/// <summary>
/// A gRPC server on a temporary unix socket whose answers a test writes, call by call: for faults no real daemon can be
/// had to make. What it is given no answer for is Unimplemented, as with any gRPC server.
/// </summary>
public sealed class FakeDaemon : IAsyncDisposable
{
    private readonly WebApplication server;
    private readonly string folder;
    private readonly ConcurrentDictionary<string, Func<FakeCall, Task>> answers = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<FakeCall> calls = new();

    private FakeDaemon(string folder, string address, HttpProtocols protocols)
    {
        this.folder = folder;
        Address = address;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.ListenUnixSocket(address, listen => listen.Protocols = protocols));
        server = builder.Build();
        server.Run(HandleAsync);
    }

    /// <summary>The path of its socket.</summary>
    public string Address { get; }

    /// <summary>What it was asked, in the order of arrival.</summary>
    public IReadOnlyList<FakeCall> Calls => [.. calls];

    /// <summary>Looks at a call before it is answered; may throw a <see cref="RpcException"/> in place of the answer.</summary>
    public Func<FakeCall, Task>? Before { get; set; }

    /// <summary>Looks at a call when its work is done and nothing of the answer was sent yet; may throw in place of it.</summary>
    public Func<FakeCall, Task>? After { get; set; }

    /// <summary>Starts a server.</summary>
    /// <param name="protocols">HTTP/2 is what gRPC needs; HTTP/1 is some other program.</param>
    public static async Task<FakeDaemon> StartAsync(HttpProtocols protocols = HttpProtocols.Http2)
    {
        string folder = Directory.CreateTempSubdirectory("fake-containerd-").FullName;
        var daemon = new FakeDaemon(folder, Path.Combine(folder, "fake.sock"), protocols);
        await daemon.server.StartAsync();
        return daemon;
    }

    /// <summary>Answers a unary call, such as <c>containers.v1.Containers/Get</c>.</summary>
    public FakeDaemon On<TRequest>(string method, Func<TRequest, FakeCall, IMessage> answer)
        where TRequest : IMessage<TRequest>, new() => OnStream<TRequest>(method, (request, call) => call.WriteAsync(answer(request, call)));

    /// <summary>Answers a call that streams: the first request, and the call to write to.</summary>
    public FakeDaemon OnStream<TRequest>(string method, Func<TRequest, FakeCall, Task> answer)
        where TRequest : IMessage<TRequest>, new()
    {
        var parser = new MessageParser<TRequest>(static () => new TRequest());
        answers["/containerd.services." + method] = async call => await answer(parser.ParseFrom(await call.ReadAsync()), call);
        return this;
    }

    /// <summary>Has a call fail.</summary>
    public FakeDaemon Fail(string method, StatusCode code, string detail)
    {
        answers["/containerd.services." + method] = _ => throw new RpcException(new Status(code, detail));
        return this;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Without a wait for calls that a test left hanging.
        await server.StopAsync(new CancellationToken(canceled: true));
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task HandleAsync(HttpContext context)
    {
        var call = new FakeCall(context);
        calls.Enqueue(call);
        context.Response.ContentType = "application/grpc";
        var status = new Status(StatusCode.OK, string.Empty);
        try
        {
            if (Before is not null)
            {
                await Before(call);
            }

            if (!answers.TryGetValue(call.Path, out Func<FakeCall, Task>? answer))
            {
                throw new RpcException(new Status(StatusCode.Unimplemented, $"unknown method {call.Path}"));
            }

            call.BeforeAnswer = After;
            try
            {
                await answer(call);
            }
            catch (RpcException)
            {
                // A refusal is an answer too.
                await call.AnnounceAnswerAsync();
                throw;
            }
        }
        catch (RpcException e)
        {
            status = e.Status;
        }

        if (!call.Aborted)
        {
            context.Response.AppendTrailer("grpc-status", ((int)status.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture));
            context.Response.AppendTrailer("grpc-message", Uri.EscapeDataString(status.Detail));
        }
    }
}
