using ContainerdPS.Transport;
using Grpc.Core;
using Xunit;

namespace ContainerdPS.Tests.Sessions;

/// <summary>What becomes of gRPC's exceptions.</summary>
public sealed class RpcErrorTests
{
    [Fact]
    public void TakesWhatBreaksUnderACancelledCallForTheCancelling()
    {
        using var stop = new CancellationTokenSource();
        var broken = new RpcException(new Status(StatusCode.Unavailable, "Error starting gRPC call.", new IOException("The request was aborted.")));
        Assert.Equal("ConnectionLost", Assert.IsType<ContainerdException>(RpcErrors.Translate(broken, TimeSpan.Zero, stop.Token)).Reason);
        stop.Cancel();
        Assert.IsType<OperationCanceledException>(RpcErrors.Translate(broken, TimeSpan.Zero, stop.Token));

        // What the daemon itself answered is told all the same.
        var answered = new RpcException(new Status(StatusCode.Unavailable, "shutting down"));
        Assert.Equal("ConnectionLost", Assert.IsType<ContainerdException>(RpcErrors.Translate(answered, TimeSpan.Zero, stop.Token)).Reason);
    }
}
