using System.Collections.Concurrent;
using ContainerdPS.Images;
using ContainerdPS.Wire.ContainersV1;
using ContainerdPS.Wire.ContentV1;
using ContainerdPS.Wire.ImagesV1;
using FakeContainerd;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Xunit;

namespace ContainerdPS.Tests.Faults;

/// <summary>An import whose names cannot all be made leaves none that was not there before.</summary>
public sealed class ImageNamingFaultTests : FaultTest
{
    private readonly ConcurrentDictionary<string, Image> images = new();

    [Fact]
    public async Task AllAreMadeOrReplaced()
    {
        Serve(refused: null);
        images["b"] = Named("b", 9);
        IReadOnlyList<ContainerImage> given = await ImageNaming.ApplyAsync(Client, [Named("a", 1), Named("b", 2)], default);
        Assert.Equal(["a", "b"], given.Select(static image => image.Name));
        Assert.Equal(Named("b", 2).Target, images["b"].Target);
    }

    [Fact]
    public async Task AFailureTakesTheNewOnesBackAndLeavesTheOthers()
    {
        Serve(refused: "d");
        images["b"] = Named("b", 9);
        images["other"] = Named("other", 9);
        var error = await Assert.ThrowsAsync<ContainerdException>(() => ImageNaming.ApplyAsync(Client, [Named("a", 1), Named("b", 2), Named("c", 3), Named("d", 4), Named("e", 5)], default));
        Assert.Equal("no space left", error.DaemonMessage);
        Assert.Equal(["b", "other"], images.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(Named("b", 2).Target, images["b"].Target);
    }

    [Fact]
    public async Task OneWhoseAnswerIsLostGoesToo()
    {
        Serve(refused: null);
        Daemon.OnStream<CreateImageRequest>("images.v1.Images/Create", (request, call) =>
        {
            images[request.Image.Name] = request.Image;
            call.Break();
            return Task.CompletedTask;
        });
        await Assert.ThrowsAsync<ContainerdException>(() => ImageNaming.ApplyAsync(Client, [Named("a", 1)], default));
        Assert.Empty(images);
    }

    [Fact]
    public async Task OneThatIsSomebodyElsesByThenStays()
    {
        Serve(refused: "b");
        Daemon.Before = call =>
        {
            // Between the failure and the taking back.
            if (call.Method == "Images/Get" && images.ContainsKey("a"))
            {
                images["a"] = Named("a", 8);
            }

            return Task.CompletedTask;
        };
        await Assert.ThrowsAsync<ContainerdException>(() => ImageNaming.ApplyAsync(Client, [Named("a", 1), Named("b", 2)], default));
        Assert.Equal(Named("a", 8).Target, images["a"].Target);
    }

    private static Image Named(string name, int content) => new()
    {
        Name = name,
        Target = new Wire.Types.ContentDescriptor { MediaType = "application/vnd.oci.image.manifest.v1+json", Digest = "sha256:" + new string((char)('0' + content), 64), Size = 1 },
    };

    private static RpcException Failure(StatusCode code, string words) => new(new Grpc.Core.Status(code, words));

    private void Serve(string? refused)
    {
        Daemon.On<GetImageRequest>("images.v1.Images/Get", (request, _) => images.TryGetValue(request.Name, out Image? found) ? new GetImageResponse { Image = found } : throw Failure(StatusCode.NotFound, "not found"));
        Daemon.On<CreateImageRequest>("images.v1.Images/Create", (request, _) =>
            request.Image.Name == refused ? throw Failure(StatusCode.ResourceExhausted, "no space left")
            : images.TryAdd(request.Image.Name, request.Image) ? new CreateImageResponse { Image = request.Image }
            : throw Failure(StatusCode.AlreadyExists, "already exists"));
        Daemon.On<UpdateImageRequest>("images.v1.Images/Update", (request, _) => new UpdateImageResponse { Image = images[request.Image.Name] = request.Image });
        Daemon.On<DeleteImageRequest>("images.v1.Images/Delete", (request, call) => images.TryRemove(request.Name, out Image? _) ? new Empty() : throw Failure(StatusCode.NotFound, "not found"));
        Daemon.On<ListContainersRequest>("containers.v1.Containers/List", static (_, _) => new ListContainersResponse());
        Daemon.Fail("content.v1.Content/Info", StatusCode.NotFound, "not found");
    }
}
