using ContainerdPS.Containers;
using ContainerdPS.Oci.SpecOptions;
using FakeContainerd;
using Xunit;

namespace ContainerdPS.Tests.Faults;

/// <summary>A creation that fails, at whatever call and in whatever way, leaves nothing of the container.</summary>
public sealed class CreationFaultTests
{
    private static readonly FaultWalk<FakeStore> Creation = new(
        static daemon => new FakeStore(daemon),
        static (client, cancellationToken) => ContainerCreation.RunAsync(
            client,
            new ContainerRequest { Id = "c1", Image = FakeStore.Image, Options = new SpecRequest { Namespace = "here", Id = "c1", Arguments = ["true"] } },
            cancellationToken));

    [Fact]
    public async Task TheHonestStoreMakesAContainer()
    {
        (FakeStore store, IReadOnlyList<FakeCall> calls, Exception? failure, _) = await Creation.HonestAsync();
        Assert.Null(failure);
        Assert.Equal(["c1"], store.Containers.Keys);
        Assert.Empty(store.Leases);
        Assert.False(store.Snapshots["c1"]);
        Assert.Equal("c1", store.Containers["c1"].SnapshotKey);
        Assert.All(calls, static call => Assert.Equal("here", call.Namespace));
        Assert.All(calls.Where(static call => call.Method.StartsWith("Snapshots/", StringComparison.Ordinal)), static call => Assert.NotEmpty(call.Lease));
        Assert.Contains(calls, static call => call.Method == "Diff/Apply");
    }

    [Theory]
    [InlineData(Fault.Refused)]
    [InlineData(Fault.AnsweredTooLate)]
    [InlineData(Fault.Broken)]
    [InlineData(Fault.Cancelled)]
    [InlineData(Fault.Stopped)]
    public async Task NothingStaysWhicheverCallFails(Fault fault)
    {
        // All but the end of its lease, when the container is made.
        int failures = await Creation.EachAsync(fault, static run =>
        {
            Assert.True(run.Failure is not null, $"No failure: {run.Step}.");
            Assert.True(!run.Store.Leftovers().Any(), $"{run.Step} left {string.Join(", ", run.Store.Leftovers())}.");
        });
        Assert.True(failures > 10, $"Only {failures} calls make a container.");
    }

    [Fact]
    public async Task TheSnapshotIsTakenBackByNameAndThenTheLease()
    {
        FaultRun<FakeStore> run = await Creation.FailAsync("Containers/Create", Fault.Refused);
        Assert.Equal(["Snapshots/Remove", "Leases/Delete"], run.Calls.Skip(run.IndexOf("Containers/Create") + 1).Select(static call => call.Method));
    }
}
