namespace ContainerdPS.Transport;

/// <summary>
/// Tells another program from a daemon that went away, after a first call whose connection broke: a server that closes
/// at once may do so before the client has read what it said.
/// </summary>
internal static class ServerProbe
{
    private const int FrameHeader = 9;
    private const int FrameType = 3;
    private const byte Settings = 4;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <summary>The preface of HTTP/2 with empty settings.</summary>
    private static readonly byte[] Greeting = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, Settings, 0, 0, 0, 0, 0];

    /// <summary>Whether what listens answers the greeting of HTTP/2 with something else than settings; silence is no answer.</summary>
    public static async Task<bool> IsForeignAsync(ContainerdAddress address, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        byte[] answer = new byte[FrameHeader];
        int count = 0;
        try
        {
            Stream stream = await ChannelFactory.Connector(address).ConnectAsync(limit.Token).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                await stream.WriteAsync(Greeting, limit.Token).ConfigureAwait(false);
                while (count < answer.Length && await stream.ReadAsync(answer.AsMemory(count), limit.Token).ConfigureAwait(false) is > 0 and var read)
                {
                    count += read;
                }
            }
        }
        catch (Exception e) when (e is IOException or ContainerdException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            // What was read until then decides.
        }

        return count > FrameType ? answer[FrameType] != Settings : count > 0;
    }
}
