using System.Net.Sockets;
using ContainerdPS.Services;
using ContainerdPS.Sessions;
using ContainerdPS.Wire.NamespacesV1;
using ContainerdPS.Wire.VersionV1;
using FakeContainerd;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;

namespace ContainerdPS.Tests.Faults;

/// <summary>What is not a containerd, does not answer, or goes away, is called that.</summary>
public sealed class SessionFaultTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task AServerOfHttp1IsNoContainerd()
    {
        await using FakeDaemon daemon = await FakeDaemon.StartAsync(HttpProtocols.Http1);

        // Often: it closes at once, and what the client notices first is a matter of luck.
        for (int i = 0; i < 20; i++)
        {
            ContainerdException error = await RefusedAsync(daemon.Address, Long);
            Assert.True(error.Reason == "NotAContainerd", error.ToString());
        }
    }

    [Fact]
    public async Task AServerOfGrpcThatIsNoContainerdIsCalledThat()
    {
        await using FakeDaemon daemon = await FakeDaemon.StartAsync();
        ContainerdException error = await RefusedAsync(daemon.Address, Long);
        Assert.Equal("NotAContainerd", error.Reason);
        Assert.Contains("speaks gRPC", error.Message, StringComparison.Ordinal);
        Assert.Contains(daemon.Address, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AContainerdIsTaken()
    {
        await using FakeDaemon daemon = Versioned(await FakeDaemon.StartAsync());
        using ContainerdSession session = SessionFactory.Create(daemon.Address, null, Long);
        Assert.Equal("9.9", await SessionFactory.VerifyAsync(session, default));
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "NotAContainerd")]
    [InlineData("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", "NotAContainerd")]
    [InlineData("", "ConnectionLost")]
    public async Task AProgramThatSpeaksSomethingElseIsToldFromABrokenConnection(string says, string reason)
    {
        string folder = Directory.CreateTempSubdirectory("fake-other-").FullName;
        try
        {
            using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder, "other.sock")));
            listener.Listen();
            using var ending = new CancellationTokenSource();
            Task serving = ServeAsync(listener, says, ending.Token);
            ContainerdException error = await RefusedAsync(Path.Combine(folder, "other.sock"), Long);
            Assert.True(reason == error.Reason, error.ToString());
            await ending.CancelAsync();
            await serving;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task ACallThatIsNotAnsweredEndsWithTheTimeout()
    {
        await using FakeDaemon daemon = await FakeDaemon.StartAsync();
        daemon.OnStream<Empty>("version.v1.Version/Version", static (_, call) => Task.Delay(Timeout.Infinite, call.Aborting).ContinueWith(static _ => { }, TaskScheduler.Default));
        ContainerdException error = await RefusedAsync(daemon.Address, TimeSpan.FromMilliseconds(300));
        Assert.Equal("DeadlineExceeded", error.Reason);
        Assert.Equal(ContainerdErrorCode.DeadlineExceeded, error.Code);
        Assert.Contains("0.3 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACallThatIsCancelledIsNoError()
    {
        await using FakeDaemon daemon = await FakeDaemon.StartAsync();
        using var cancellation = new CancellationTokenSource();
        daemon.OnStream<Empty>("version.v1.Version/Version", async (_, call) =>
        {
            await cancellation.CancelAsync();
            await Task.Delay(Timeout.Infinite, call.Aborting).ContinueWith(static _ => { }, TaskScheduler.Default);
        });
        using ContainerdSession session = SessionFactory.Create(daemon.Address, null, Long);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SessionFactory.VerifyAsync(session, cancellation.Token));
    }

    [Fact]
    public async Task ABrokenCallIsALostConnectionAndTheNextOneIsAnswered()
    {
        await using FakeDaemon daemon = Versioned(await FakeDaemon.StartAsync());
        daemon.OnStream<ListNamespacesRequest>("namespaces.v1.Namespaces/List", static (_, call) =>
        {
            call.Break();
            return Task.CompletedTask;
        });
        using ContainerdSession session = SessionFactory.Create(daemon.Address, null, Long);
        var error = await Assert.ThrowsAsync<ContainerdException>(() => new NamespaceClient(session, "here").Namespaces.ListAsync(default));
        Assert.Equal("ConnectionLost", error.Reason);
        Assert.Null(error.DaemonMessage);
        Assert.Equal("9.9", await SessionFactory.VerifyAsync(session, default));
    }

    [Fact]
    public async Task AStatusOfUnavailableIsALostConnection()
    {
        await using FakeDaemon daemon = await FakeDaemon.StartAsync();
        daemon.Fail("version.v1.Version/Version", StatusCode.Unavailable, "shutting down");
        ContainerdException error = await RefusedAsync(daemon.Address, Long);
        Assert.Equal("ConnectionLost", error.Reason);
        Assert.Equal("shutting down", error.DaemonMessage);
    }

    private static FakeDaemon Versioned(FakeDaemon daemon) =>
        daemon.On<Empty>("version.v1.Version/Version", static (_, _) => new VersionResponse { Version = "9.9" });

    private static async Task<ContainerdException> RefusedAsync(string address, TimeSpan timeout)
    {
        using ContainerdSession session = SessionFactory.Create(address, null, timeout);
        return await Assert.ThrowsAsync<ContainerdException>(() => SessionFactory.VerifyAsync(session, default));
    }

    private static async Task ServeAsync(Socket listener, string says, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                using Socket client = await listener.AcceptAsync(cancellationToken);
                byte[] heard = new byte[1024];
                _ = await client.ReceiveAsync(heard, cancellationToken);
                _ = await client.SendAsync(System.Text.Encoding.ASCII.GetBytes(says), cancellationToken);
                client.Shutdown(SocketShutdown.Send);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}
