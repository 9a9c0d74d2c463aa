using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FakeRegistry;

/// <summary>A proxy on loopback: whatever name it is asked for, it goes to one server, so that names which are none can be used.</summary>
public sealed class FakeProxy : IDisposable
{
    private const int LongestHead = 64 * 1024;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint target;
    private readonly ConcurrentQueue<string> requests = new();

    public FakeProxy(string target)
    {
        this.target = IPEndPoint.Parse(target);
        listener.Start();
        Authority = listener.LocalEndpoint.ToString()!;
        _ = AcceptAsync();
    }

    public string Authority { get; }

    /// <summary>The first lines of what it was asked, in the order of arrival.</summary>
    public IReadOnlyList<string> Requests => [.. requests];

    public void Dispose() => listener.Dispose();

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await listener.AcceptSocketAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using Socket client = socket;
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await using var near = new NetworkStream(client);
            string head = await HeadAsync(near);
            string[] lines = head.Split("\r\n");
            string[] first = lines[0].Split(' ');
            requests.Enqueue(lines[0]);
            await server.ConnectAsync(target);
            await using var far = new NetworkStream(server);
            if (first[0] == "CONNECT")
            {
                await near.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\n\r\n"));
            }
            else
            {
                // One request a connection: the next may be for another host.
                IEnumerable<string> kept = lines.Skip(1).Where(static line => line.Length > 0 && !line.StartsWith("Connection:", StringComparison.OrdinalIgnoreCase));
                string asked = string.Join("\r\n", [$"{first[0]} {new Uri(first[1]).PathAndQuery} {first[2]}", .. kept, "Connection: close", string.Empty, string.Empty]);
                await far.WriteAsync(Encoding.ASCII.GetBytes(asked));
            }

            await Task.WhenAny(near.CopyToAsync(far), far.CopyToAsync(near));
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // One of both left.
        }
    }

    private static async Task<string> HeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        byte[] one = new byte[1];
        while (head.Length < LongestHead && await stream.ReadAsync(one) > 0)
        {
            head.Append((char)one[0]);
            if (head.Length >= 4 && head.ToString(head.Length - 4, 4) == "\r\n\r\n")
            {
                return head.ToString();
            }
        }

        throw new IOException("No request came.");
    }
}
