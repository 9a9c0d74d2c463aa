using ContainerdPS.Wire.TransferV1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ContainerdPS.Services;

/// <summary>containerd.services.transfer.v1: the daemon moves images by itself. Since 1.7.</summary>
internal sealed class TransferClient(CallInvoker invoker) : ServiceClient
{
    private readonly Transfer.TransferClient stub = new(invoker);

    /// <summary>Has the daemon move an image, and waits until it has.</summary>
    /// <param name="source">A message of containerd.types.transfer.</param>
    /// <param name="destination">Another.</param>
    /// <param name="progressStream">The stream for progress; null for none.</param>
    /// <param name="cancellationToken">Gives up: the daemon stops.</param>
    public async Task RunAsync(IMessage source, IMessage destination, string? progressStream, CancellationToken cancellationToken)
    {
        var request = new TransferRequest { Source = PackedAny.Of(source), Destination = PackedAny.Of(destination), Options = new TransferOptions { ProgressStream = progressStream ?? string.Empty } };
        using AsyncUnaryCall<Empty> call = stub.TransferAsync(request, Options(cancellationToken));
        await call.ResponseAsync.ConfigureAwait(false);
    }
}
