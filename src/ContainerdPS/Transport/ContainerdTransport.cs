namespace ContainerdPS.Transport;

/// <summary>What carries the gRPC bytes.</summary>
internal enum ContainerdTransport
{
    UnixSocket,
    NamedPipe,
}
