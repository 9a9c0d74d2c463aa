using ContainerdPS.Transport;
using Grpc.Core;
using Grpc.Net.Client;

namespace ContainerdPS.Services;

/// <summary>The connection of one session: one channel, from which clients for each namespace are made.</summary>
internal sealed class ContainerdClient : IDisposable
{
    private readonly GrpcChannel channel;
    private readonly CallInvoker invoker;
    private readonly TimeSpan timeout;

    public ContainerdClient(ContainerdAddress address, TimeSpan timeout)
        : this(ChannelFactory.Connector(address), timeout)
    {
    }

    public ContainerdClient(IConnector connector, TimeSpan timeout)
    {
        this.timeout = timeout;
        channel = ChannelFactory.Create(connector);
        invoker = channel.CreateCallInvoker();
    }

    /// <summary>What is known of the daemon's Transfer service; null before it was asked.</summary>
    public TransferSupport? Transfer { get; set; }

    public CallInvoker Invoker(string? @namespace, string? lease) => new DaemonCallInvoker(invoker, @namespace, lease, timeout);

    public void Dispose() => channel.Dispose();
}
