using ContainerdPS.Checkpoints;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Processes;
using ContainerdPS.Services;
using ContainerdPS.Wire.TaskTypes;
using FakeContainerd;
using Grpc.Core;
using Xunit;
using Status = ContainerdPS.Wire.TaskTypes.Status;

namespace ContainerdPS.Tests.Faults;

/// <summary>A live restore that fails, at whatever call and in whatever way, leaves nothing of the container.</summary>
public sealed class RestoreFaultTests : IDisposable
{
    private readonly string fifos = Directory.CreateTempSubdirectory("restore-fifos-").FullName;
    private readonly FaultWalk<RestoreStore> restore;

    public RestoreFaultTests() => restore = new FaultWalk<RestoreStore>(Furnish, RunAsync);

    public void Dispose() => Directory.Delete(fifos, recursive: true);

    [Fact]
    public async Task TheHonestStoreGivesTheContainerBack()
    {
        (RestoreStore store, IReadOnlyList<FakeCall> calls, Exception? failure, _) = await restore.HonestAsync();
        Assert.Null(failure);
        AssertWhole(store, "no failure");
        Assert.Equal("/here/c2", SpecJson.Parse(store.Containers["c2"].Spec.Value.Span).Linux?.CgroupsPath);
        Assert.Equal("containerd.runc.v1.Options", store.Containers["c2"].Runtime.Options.TypeUrl);

        // The layer of the image and then that of the container, all under the lease; the task last of all.
        string[] order = calls.Select(static call => call.Method).Where(static method => method is "Diff/Apply" or "Containers/Create" or "Images/Create" or "Tasks/Create" or "Tasks/Start" or "Leases/Delete").ToArray();
        Assert.Equal(["Diff/Apply", "Diff/Apply", "Images/Create", "Containers/Create", "Tasks/Create", "Tasks/Start", "Leases/Delete"], order);
        Assert.All(calls.Where(static call => call.Method is "Snapshots/Prepare" or "Snapshots/Commit" or "Diff/Apply" or "Images/Create" or "Containers/Create"), static call => Assert.NotEmpty(call.Lease));
    }

    [Theory]
    [InlineData(Fault.Refused)]
    [InlineData(Fault.AnsweredTooLate)]
    [InlineData(Fault.Broken)]
    [InlineData(Fault.Cancelled)]
    [InlineData(Fault.Stopped)]
    public async Task NothingStaysWhicheverCallFails(Fault fault)
    {
        int failures = await restore.EachAsync(fault, run =>
        {
            Assert.True(!run.Store.Unfinished().Any(), $"{run.Step} left {string.Join(", ", run.Store.Unfinished())}.");
            if (run.Failure is null)
            {
                // What had been done by then.
                AssertWhole(run.Store, run.Step);
                return;
            }

            Assert.True(!run.Store.Leftovers().Any(), $"{run.Step} left {string.Join(", ", run.Store.Leftovers())}.");
            Assert.True(Directory.GetFileSystemEntries(fifos) is [], $"{run.Step} left {string.Join(", ", Directory.GetFileSystemEntries(fifos))}.");
        });
        Assert.True(failures > 20, $"Only {failures} calls made it fail.");
    }

    [Fact]
    public async Task WhatSomebodyElseHasMadeStays()
    {
        var second = new FaultWalk<RestoreStore>(
            daemon =>
            {
                RestoreStore store = Furnish(daemon);
                daemon.Fail("containers.v1.Containers/Create", StatusCode.AlreadyExists, "c2: already exists");
                daemon.Fail("images.v1.Images/Create", StatusCode.AlreadyExists, "already exists");
                return store;
            },
            RunAsync);
        FaultRun<RestoreStore> run = await second.HonestAsync();
        Assert.Equal(ContainerdErrorCode.AlreadyExists, Assert.IsType<ContainerdException>(run.Failure).Code);
        Assert.Empty(run.Store.Leftovers());
        Assert.Equal(-1, run.IndexOf("Containers/Delete"));
        Assert.Equal(-1, run.IndexOf("Images/Delete"));
        Assert.Equal(-1, run.IndexOf("Tasks/Delete"));
    }

    private static void AssertWhole(RestoreStore store, string step)
    {
        Assert.True(store.Containers.ContainsKey("c2"), $"{step}: there is no container.");
        Assert.Equal("c2", store.Containers["c2"].SnapshotKey);
        Assert.Equal(FakeStore.Image, store.Containers["c2"].Image);
        Assert.True(store.Tasks.TryGetValue("c2", out Process? task) && task.Status == Status.Running, $"{step}: the task does not run.");
        Assert.Equal(Digest.Compute("the memory"u8.ToArray()).ToString(), store.Dump);
        Assert.Contains(FakeStore.Image, store.Images);
    }

    private RestoreStore Furnish(FakeDaemon daemon)
    {
        Directory.Delete(fifos, recursive: true);
        Directory.CreateDirectory(fifos);
        return new RestoreStore(daemon);
    }

    private Task<Container> RunAsync(NamespaceClient client, CancellationToken cancellationToken) => ContainerRestore.RunAsync(
        client,
        new RestoreRequest { From = RestoreStore.Checkpoint, Id = "c2", Live = new TaskRequest { Attachable = true, FifoDirectory = fifos } },
        cancellationToken);
}
