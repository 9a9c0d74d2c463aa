using System.Collections.Concurrent;
using System.Text;
using ContainerdPS.Contents;
using ContainerdPS.Services;
using ContainerdPS.Wire.ContentV1;
using ContainerdPS.Wire.LeasesV1;
using FakeContainerd;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Xunit;

namespace ContainerdPS.Tests.Faults;

/// <summary>Imports of content that break off, at whatever message and in whatever way.</summary>
public sealed class ContentImportFaultTests : FaultTest
{
    private static readonly byte[] Bytes = Encoding.UTF8.GetBytes(new string('x', (2 * ContentWriter.ChunkSize) + 5));
    private static readonly string Digest = DigestOf(Bytes);

    private readonly ConcurrentDictionary<string, MemoryStream> ingests = new();
    private readonly ConcurrentDictionary<string, Dictionary<string, string>> blobs = new();
    private int messages;

    /// <summary>Looks at each message of a write when it was carried out and is not answered yet; may throw in place of the answer.</summary>
    private Func<WriteContentRequest, FakeCall, int, Task>? onMessage;

    [Fact]
    public async Task TheHonestStoreTakesTheBlob()
    {
        Script();
        ContainerdContent blob = await ContentImport.RunAsync(Client, Request(), CancellationToken.None);
        Assert.Equal(Digest, blob.Digest);
        Assert.Equal("b", blobs[Digest]["a"]);
        Assert.Empty(ingests);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task ABrokenConnectionLeavesNoWrite(int failing)
    {
        Script();
        onMessage = (_, call, message) =>
        {
            if (message == failing)
            {
                call.Break();
                throw new RpcException(Grpc.Core.Status.DefaultCancelled);
            }

            return Task.CompletedTask;
        };
        var failure = await Assert.ThrowsAsync<ContainerdException>(() => ContentImport.RunAsync(Client, Request(), CancellationToken.None));
        Assert.Equal("ConnectionLost", failure.Reason);
        Assert.Empty(ingests);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task AStopWaitsForTheAnswerAndThenDropsTheWrite(int stopping)
    {
        Script();
        using var stop = new CancellationTokenSource();
        onMessage = (_, _, message) => message == stopping ? stop.CancelAsync() : Task.CompletedTask;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ContentImport.RunAsync(Client, Request(), stop.Token));
        Assert.Empty(ingests);
        Assert.Empty(blobs);
        Assert.Equal("Content/Abort", Daemon.Calls[^1].Method);
    }

    [Fact]
    public async Task AStopLeavesANamedWriteWhereItStands()
    {
        Script();
        using var stop = new CancellationTokenSource();
        onMessage = (_, _, message) => message == 2 ? stop.CancelAsync() : Task.CompletedTask;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ContentImport.RunAsync(Client, Request() with { Reference = "mine" }, stop.Token));
        Assert.Equal(2 * ContentWriter.ChunkSize, ingests["mine"].Length);

        // What was written is not sent again.
        onMessage = (request, _, _) =>
        {
            Assert.True(request.Action != WriteAction.Write || request.Offset == 2 * ContentWriter.ChunkSize, $"Sent again from {request.Offset}.");
            return Task.CompletedTask;
        };
        ContainerdContent blob = await ContentImport.RunAsync(Client, Request() with { Reference = "mine" }, CancellationToken.None);
        Assert.Equal(Digest, blob.Digest);
    }

    [Fact]
    public async Task AStopDuringTheCommitLeavesTheBlobToTheCollection()
    {
        Script();
        using var stop = new CancellationTokenSource();
        onMessage = (request, _, _) => request.Action == WriteAction.Commit ? stop.CancelAsync() : Task.CompletedTask;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ContentImport.RunAsync(Client, Request(), stop.Token));
        Assert.Empty(blobs[Digest]);
        Assert.Equal(["Content/Update", "Leases/Create", "Leases/Delete"], Daemon.Calls.Select(static call => call.Method).SkipWhile(static method => method != "Content/Update"));
    }

    [Fact]
    public async Task ABlobCollectedBeforeItIsLabelledIsWrittenAfterAll()
    {
        Script();
        blobs[Digest] = [];
        onMessage = (_, _, message) =>
        {
            // It was there when the write was opened, and is not when its labels are set.
            if (message == 0)
            {
                blobs.TryRemove(Digest, out Dictionary<string, string>? _);
            }

            return Task.CompletedTask;
        };
        ContainerdContent blob = await ContentImport.RunAsync(Client, Request() with { Digest = Digest }, CancellationToken.None);
        Assert.Equal(Digest, blob.Digest);
        Assert.Equal(6, messages);
        Assert.Equal("b", blobs[Digest]["a"]);
    }

    private static ContentImportRequest Request() => new()
    {
        Source = ContentSource.OfBytes(Bytes),
        Labels = GcLabel.Kept(new Dictionary<string, string> { ["a"] = "b" }, null),
    };

    private void Script() => Daemon
        .On<InfoRequest>("content.v1.Content/Info", (request, _) => new InfoResponse { Info = Find(request.Digest) })
        .On<UpdateRequest>("content.v1.Content/Update", (request, _) =>
        {
            Find(request.Info.Digest);
            foreach (string key in request.UpdateMask.Paths.Select(static path => path["labels.".Length..]))
            {
                if (request.Info.Labels[key] is { Length: > 0 } value)
                {
                    blobs[request.Info.Digest][key] = value;
                }
                else
                {
                    blobs[request.Info.Digest].Remove(key);
                }
            }

            return new UpdateResponse { Info = Find(request.Info.Digest) };
        })
        .On<StatusRequest>("content.v1.Content/Status", (request, _) => ingests.TryGetValue(request.Ref, out MemoryStream? found)
            ? new StatusResponse { Status = new Wire.ContentV1.Status { Ref = request.Ref, Offset = found.Length } }
            : throw NotFound(request.Ref))
        .On<AbortRequest>("content.v1.Content/Abort", (request, _) => ingests.TryRemove(request.Ref, out MemoryStream? _) ? new Empty() : throw NotFound(request.Ref))
        .On<CreateRequest>("leases.v1.Leases/Create", (request, _) => new CreateResponse { Lease = new Lease { Id = request.Id } })
        .On<DeleteRequest>("leases.v1.Leases/Delete", (request, _) => request.Sync ? new Empty() : throw new RpcException(new Grpc.Core.Status(StatusCode.Unknown, "not waited for")))
        .OnStream<WriteContentRequest>("content.v1.Content/Write", WriteAsync);

    private async Task WriteAsync(WriteContentRequest first, FakeCall call)
    {
        string reference = first.Ref;
        for (WriteContentRequest? request = first; request is not null; request = await call.ReadAsync<WriteContentRequest>())
        {
            bool there = request.Expected.Length > 0 && blobs.ContainsKey(request.Expected);
            if (!there)
            {
                MemoryStream ingest = ingests.GetOrAdd(reference, static _ => new MemoryStream());
                request.Data.WriteTo(ingest);
                if (request.Action == WriteAction.Commit)
                {
                    Assert.Equal(request.Expected, DigestOf(ingest.ToArray()));
                    blobs[request.Expected] = new Dictionary<string, string>(request.Labels);
                    ingests.TryRemove(reference, out _);
                }
            }

            if (onMessage is not null)
            {
                await onMessage(request, call, messages++);
            }

            if (there)
            {
                throw new RpcException(new Grpc.Core.Status(StatusCode.AlreadyExists, $"blob with expected digest {request.Expected} exists"));
            }

            byte[] written = ingests.TryGetValue(reference, out MemoryStream? current) ? current.ToArray() : Bytes;
            await call.WriteAsync(new WriteContentResponse { Action = request.Action, Offset = written.Length, Digest = DigestOf(written) });
        }
    }

    private Info Find(string digest)
    {
        if (!blobs.TryGetValue(digest, out Dictionary<string, string>? labels))
        {
            throw NotFound(digest);
        }

        var info = new Info { Digest = digest, Size = Bytes.Length };
        info.Labels.Add(labels);
        return info;
    }

    private static string DigestOf(byte[] bytes) => ContainerdPS.Oci.Image.Digest.Compute(bytes).ToString();

    private static RpcException NotFound(string what) => new(new Grpc.Core.Status(StatusCode.NotFound, $"{what}: not found"));
}
