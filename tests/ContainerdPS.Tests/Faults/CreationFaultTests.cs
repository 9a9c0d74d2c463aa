using ContainerdPS.Containers;
using ContainerdPS.Oci.SpecOptions;
using ContainerdPS.Services;
using ContainerdPS.Sessions;
using FakeContainerd;
using Grpc.Core;
using Xunit;

namespace ContainerdPS.Tests.Faults;

/// <summary>A creation that fails, at whatever call and in whatever way, leaves nothing of the container.</summary>
public sealed class CreationFaultTests
{
    /// <summary>How a call fails.</summary>
    public enum Fault
    {
        /// <summary>It is refused, and nothing was done.</summary>
        Refused,

        /// <summary>It is done, and its answer comes too late.</summary>
        AnsweredTooLate,

        /// <summary>It is done, and the connection breaks before its answer.</summary>
        Broken,

        /// <summary>It is done, and the caller gives up before its answer, which does not come.</summary>
        Cancelled,

        /// <summary>It is done and answered, and the caller has given up meanwhile.</summary>
        Stopped,
    }

    [Fact]
    public async Task TheHonestStoreMakesAContainer()
    {
        (FakeStore store, IReadOnlyList<FakeCall> calls, Exception? failure) = await CreateAsync(-1, default);
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
        (_, IReadOnlyList<FakeCall> honest, _) = await CreateAsync(-1, default);
        Assert.True(honest.Count > 10, $"Only {honest.Count} calls make a container.");
        for (int failing = 0; failing < honest.Count; failing++)
        {
            string step = $"{fault} at call {failing}, {honest[failing].Method}";

            // The first asks whether there is one; the last ends the lease of a container that is made by then.
            if (honest[failing].Method == "Leases/Delete")
            {
                continue;
            }

            (FakeStore store, _, Exception? failure) = await CreateAsync(failing, fault);
            Assert.True(failure is not null, $"No failure: {step}.");
            Assert.True(fault is Fault.Cancelled or Fault.Stopped ? failure is OperationCanceledException : failure is ContainerdException, $"{step}: {failure}");
            Assert.True(!store.Leftovers().Any(), $"{step} left {string.Join(", ", store.Leftovers())}.");
        }
    }

    [Fact]
    public async Task TheSnapshotIsTakenBackByNameAndThenTheLease()
    {
        (_, IReadOnlyList<FakeCall> honest, _) = await CreateAsync(-1, default);
        int create = honest.ToList().FindIndex(static call => call.Method == "Containers/Create");
        (_, IReadOnlyList<FakeCall> calls, _) = await CreateAsync(create, Fault.Refused);
        Assert.Equal(["Snapshots/Remove", "Leases/Delete"], calls.Skip(create + 1).Select(static call => call.Method));
    }

    private static async Task<(FakeStore Store, IReadOnlyList<FakeCall> Calls, Exception? Failure)> CreateAsync(int failing, Fault fault)
    {
        await using FakeDaemon daemon = await FakeDaemon.StartAsync();
        using var cancellation = new CancellationTokenSource();
        var store = new FakeStore(daemon);
        int asked = -1;
        daemon.Before = call =>
        {
            bool now = Interlocked.Increment(ref asked) == failing;
            return now && fault == Fault.Refused ? throw new RpcException(new Status(StatusCode.Unknown, "made up")) : Task.CompletedTask;
        };
        daemon.After = async call =>
        {
            if (daemon.Calls.Count - 1 != failing)
            {
                return;
            }

            switch (fault)
            {
                case Fault.AnsweredTooLate:
                    throw new RpcException(new Status(StatusCode.DeadlineExceeded, "too late"));
                case Fault.Broken:
                    call.Break();
                    throw new RpcException(Status.DefaultCancelled);
                case Fault.Cancelled:
                    await cancellation.CancelAsync();
                    throw new RpcException(Status.DefaultCancelled);
                case Fault.Stopped:
                    await cancellation.CancelAsync();
                    break;
            }
        };
        using ContainerdSession session = SessionFactory.Create(daemon.Address, "here", TimeSpan.FromSeconds(30));
        var request = new ContainerRequest { Id = "c1", Image = FakeStore.Image, Options = new SpecRequest { Namespace = "here", Id = "c1", Arguments = ["true"] } };
        Exception? failure = await Record.ExceptionAsync(() => ContainerCreation.RunAsync(new NamespaceClient(session, "here"), request, cancellation.Token));
        return (store, daemon.Calls, failure);
    }
}
