using ContainerdPS.Checkpoints;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;
using ContainerdPS.Sessions;
using ContainerdPS.Wire.RuncOptions;
using FakeContainerd;
using Grpc.Core;
using Xunit;

namespace ContainerdPS.Tests.Faults;

/// <summary>A checkpoint that fails, at whatever call and in whatever way, leaves nothing but a task that runs on.</summary>
public sealed class CheckpointFaultTests
{
    private const string Name = "docker.io/library/kept:latest";

    /// <summary>How a call fails.</summary>
    public enum Fault
    {
        /// <summary>It is refused, and nothing was done.</summary>
        Refused,

        /// <summary>It is done, and its answer comes too late.</summary>
        AnsweredTooLate,

        /// <summary>It is done, and the connection breaks before its answer.</summary>
        Broken,

        /// <summary>The command is stopped while the call is answered.</summary>
        Stopped,
    }

    [Fact]
    public async Task TheHonestStoreKeepsTheContainer()
    {
        (CheckpointStore store, IReadOnlyList<FakeCall> calls, Exception? failure) = await CheckpointAsync(-1, default);
        Assert.Null(failure);
        Assert.Empty(store.Unfinished());
        Assert.Equal(Wire.TaskTypes.Status.Running, store.Task);
        ImageIndex index = store.Checkpoint(Name);
        Assert.Equal(
            [MediaTypes.OciManifest, CheckpointIndex.RuntimeOptions, CheckpointIndex.Options, MediaTypes.OciLayerGzip, CheckpointIndex.Processes, CheckpointIndex.Spec],
            index.Manifests!.Select(static part => part.MediaType));
        Assert.Equal(CheckpointStore.Image, index.Annotations![CheckpointIndex.ImageName]);
        Assert.Equal("front", index.Annotations[CheckpointIndex.ContainerLabel + "tier"]);
        Assert.Equal("true", store.Images[Name].Labels[CheckpointIndex.Label]);

        // Files and memory between one pause and one resumption; the name last of all.
        string[] order = calls.Select(static call => call.Method).Where(static method => method is "Tasks/Pause" or "Diff/Diff" or "Tasks/Checkpoint" or "Tasks/Resume" or "Images/Create").ToArray();
        Assert.Equal(["Tasks/Pause", "Diff/Diff", "Tasks/Checkpoint", "Tasks/Resume", "Images/Create"], order);
        Assert.All(calls.Where(static call => call.Method is "Diff/Diff" or "Tasks/Checkpoint" or "Content/Write" or "Snapshots/View"), static call => Assert.NotEmpty(call.Lease));
    }

    [Theory]
    [InlineData(Fault.Refused)]
    [InlineData(Fault.AnsweredTooLate)]
    [InlineData(Fault.Broken)]
    [InlineData(Fault.Stopped)]
    public async Task NothingStaysWhicheverCallFails(Fault fault)
    {
        (_, IReadOnlyList<FakeCall> honest, _) = await CheckpointAsync(-1, default);
        Assert.True(honest.Count > 20, $"Only {honest.Count} calls make a checkpoint.");
        int failures = 0;
        for (int failing = 0; failing < honest.Count; failing++)
        {
            // The end of the lease is tried once: what it leaves expires by itself.
            if (honest[failing].Method == "Leases/Delete")
            {
                continue;
            }

            string step = $"{fault} at call {failing}, {honest[failing].Method}";
            (CheckpointStore store, _, Exception? failure) = await CheckpointAsync(failing, fault);
            Assert.True(store.Task == Wire.TaskTypes.Status.Running, $"{step}: the task is {store.Task}.");
            Assert.True(!store.Unfinished().Any(), $"{step} left {string.Join(", ", store.Unfinished())}.");
            if (failure is null)
            {
                // What could be tried again, or had been done by then.
                Assert.True(store.Checkpoint(Name).Manifests!.Count == 6, step);
                continue;
            }

            failures++;
            Assert.True(fault == Fault.Stopped ? failure is OperationCanceledException : failure is ContainerdException, $"{step}: {failure}");
            Assert.True(!store.Leftovers().Any(), $"{step} left {string.Join(", ", store.Leftovers())}.");
        }

        Assert.True(failures > 10, $"Only {failures} of {honest.Count} calls made it fail.");
    }

    [Theory]
    [InlineData(Fault.AnsweredTooLate)]
    [InlineData(Fault.Broken)]
    [InlineData(Fault.Stopped)]
    public async Task WhatHasEndedIsKeptWhateverComesAfter(Fault fault)
    {
        (_, IReadOnlyList<FakeCall> honest, _) = await CheckpointAsync(-1, default, exit: true);
        int dump = honest.ToList().FindIndex(static call => call.Method == "Tasks/Checkpoint");
        Assert.True(dump > 0);
        for (int failing = dump + 1; failing < honest.Count; failing++)
        {
            (CheckpointStore store, _, Exception? failure) = await CheckpointAsync(failing, fault, exit: true);
            string step = $"{fault} at call {failing}, {honest[failing].Method}";
            Assert.True(failure is null, $"{step}: {failure}");
            Assert.Equal(Wire.TaskTypes.Status.Stopped, store.Task);
            Assert.True(store.Checkpoint(Name).Manifests!.Any(static part => part.MediaType == CheckpointIndex.Processes), step);
        }
    }

    [Fact]
    public async Task WhatHasEndedAndCannotBeNamedStaysUnderItsLease()
    {
        (_, IReadOnlyList<FakeCall> honest, _) = await CheckpointAsync(-1, default, exit: true);
        int name = honest.ToList().FindIndex(static call => call.Method == "Images/Create");
        (CheckpointStore store, _, Exception? failure) = await CheckpointAsync(name, Fault.Refused, exit: true);
        var e = Assert.IsType<ContainerdException>(failure);
        Assert.Equal("CheckpointIncomplete", e.Reason);
        string lease = Assert.Single(store.Leases);
        Assert.Contains($"'{lease}'", e.Message, StringComparison.Ordinal);
        Assert.Contains(store.Leftovers(), static left => left.StartsWith("blob ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TheDumpIsFoundThatADaemonFailsToTellOf()
    {
        (CheckpointStore store, _, Exception? failure) = await CheckpointAsync(-1, default, failsOnKnownSpec: true);
        Assert.Null(failure);
        ImageIndex index = store.Checkpoint(Name);
        Assert.Equal("the memory".Length, CheckpointIndex.Part(index, CheckpointIndex.Processes)!.Size);
        Assert.NotNull(CheckpointIndex.Part(index, CheckpointIndex.Spec));
    }

    [Fact]
    public async Task TheLogOfCriuIsTold()
    {
        string log = Path.Combine(Path.GetTempPath(), $"criu-{Guid.NewGuid():N}.log");
        await File.WriteAllTextAsync(log, "(00.01) all is well\n(00.02) Error (criu/one.c:1): no way\n(00.03) more\n");
        try
        {
            await using FakeDaemon daemon = await FakeDaemon.StartAsync();
            var store = new CheckpointStore(daemon);
            daemon.Fail("tasks.v1.Tasks/Checkpoint", StatusCode.Unknown, $"runc did not terminate successfully: exit status 1: criu failed: type DUMP errno 0 path= {log}: unknown");
            var e = Assert.IsType<ContainerdException>(await RunAsync(daemon, exit: false, CancellationToken.None));
            Assert.Equal("CriuFailed", e.Reason);
            Assert.Equal(ContainerdErrorCode.FailedPrecondition, e.Code);
            Assert.Contains("were not dumped: criu failed: type DUMP errno 0.", e.Message, StringComparison.Ordinal);
            Assert.Contains("(00.02) Error (criu/one.c:1): no way", e.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("all is well", e.Message, StringComparison.Ordinal);
            Assert.Contains($"'{log}'", e.Message, StringComparison.Ordinal);
            Assert.Empty(store.Leftovers());
            Assert.Equal(Wire.TaskTypes.Status.Running, store.Task);
        }
        finally
        {
            File.Delete(log);
        }
    }

    private static async Task<(CheckpointStore Store, IReadOnlyList<FakeCall> Calls, Exception? Failure)> CheckpointAsync(
        int failing, Fault fault, bool exit = false, bool failsOnKnownSpec = false)
    {
        await using FakeDaemon daemon = await FakeDaemon.StartAsync();
        using var cancellation = new CancellationTokenSource();
        var store = new CheckpointStore(daemon) { FailsOnKnownSpec = failsOnKnownSpec };
        int asked = -1;
        daemon.Before = _ =>
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
                case Fault.Stopped:
                    await cancellation.CancelAsync();
                    break;
            }
        };
        Exception? failure = await RunAsync(daemon, exit, cancellation.Token);
        return (store, daemon.Calls, failure);
    }

    private static async Task<Exception?> RunAsync(FakeDaemon daemon, bool exit, CancellationToken cancellationToken)
    {
        using ContainerdSession session = SessionFactory.Create(daemon.Address, "here", TimeSpan.FromSeconds(30));
        var client = new NamespaceClient(session, "here");
        var request = new CheckpointRequest { Container = CheckpointStore.Container, Name = Name, Options = new CheckpointOptions { FileLocks = true, Exit = exit } };
        return await Record.ExceptionAsync(async () =>
            await ContainerCheckpoint.RunAsync(client, await CheckpointPlan.MakeAsync(client, request, cancellationToken), cancellationToken));
    }
}
