using System.Net.Http;
using Grpc.Net.Client;

namespace ContainerdPS.Transport;

/// <summary>Makes the one channel of a session.</summary>
internal static class ChannelFactory
{
    /// <summary>A local daemon answers a connect at once or not at all.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Large enough that a stream of blobs or of thousands of containers is not paced by window updates.</summary>
    private const int StreamWindow = 4 * 1024 * 1024;

    public static IConnector Connector(ContainerdAddress address) =>
        address.Transport == ContainerdTransport.NamedPipe ? new NamedPipeConnector(address) : new UnixSocketConnector(address);

    public static GrpcChannel Create(ContainerdAddress address) => Create(Connector(address));

    public static GrpcChannel Create(IConnector connector)
    {
#pragma warning disable CA2000 // The channel disposes its client, and that its handler.
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) => await connector.ConnectAsync(cancellationToken).ConfigureAwait(false),
            ConnectTimeout = ConnectTimeout,
            EnableMultipleHttp2Connections = true,
            InitialHttp2StreamWindowSize = StreamWindow,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,

            // Tracing headers would set up a diagnostics pipeline at the first call of every shell.
            ActivityHeadersPropagator = null,
        };
        var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
#pragma warning restore CA2000
        return GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions
        {
            // Given a handler, gRPC puts its load balancing around it: a quarter of its code, for a daemon that is one.
            HttpClient = client,
            DisposeHttpClient = true,

            // A list of images or tasks is one message, however many there are.
            MaxReceiveMessageSize = null,
            MaxSendMessageSize = null,
            CompressionProviders = [],
        });
    }
}
