using ContainerdPS.Checkpoints;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;
using ContainerdPS.Wire.RuncOptions;
using FakeContainerd;
using Grpc.Core;
using Xunit;

namespace ContainerdPS.Tests.Faults;

/// <summary>A checkpoint that fails, at whatever call and in whatever way, leaves nothing but a task that runs on.</summary>
public sealed class CheckpointFaultTests
{
    private const string Name = "docker.io/library/kept:latest";

    private static readonly FaultWalk<CheckpointStore> Checkpoint = new(
        static daemon => new CheckpointStore(daemon), static (client, cancellationToken) => RunAsync(client, exit: false, cancellationToken));

    private static readonly FaultWalk<CheckpointStore> CheckpointWithExit = new(
        static daemon => new CheckpointStore(daemon), static (client, cancellationToken) => RunAsync(client, exit: true, cancellationToken));

    [Fact]
    public async Task TheHonestStoreKeepsTheContainer()
    {
        (CheckpointStore store, IReadOnlyList<FakeCall> calls, Exception? failure, _) = await Checkpoint.HonestAsync();
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
    [InlineData(Fault.Cancelled)]
    [InlineData(Fault.Stopped)]
    public async Task NothingStaysWhicheverCallFails(Fault fault)
    {
        int failures = await Checkpoint.EachAsync(fault, static run =>
        {
            Assert.True(run.Store.Task == Wire.TaskTypes.Status.Running, $"{run.Step}: the task is {run.Store.Task}.");
            Assert.True(!run.Store.Unfinished().Any(), $"{run.Step} left {string.Join(", ", run.Store.Unfinished())}.");
            if (run.Failure is null)
            {
                // What could be tried again, or had been done by then.
                Assert.True(run.Store.Checkpoint(Name).Manifests!.Count == 6, run.Step);
            }
            else
            {
                Assert.True(!run.Store.Leftovers().Any(), $"{run.Step} left {string.Join(", ", run.Store.Leftovers())}.");
            }
        });
        Assert.True(failures > 10, $"Only {failures} calls made it fail.");
    }

    [Theory]
    [InlineData(Fault.AnsweredTooLate)]
    [InlineData(Fault.Broken)]
    [InlineData(Fault.Stopped)]
    public async Task WhatHasEndedIsKeptWhateverComesAfter(Fault fault)
    {
        int failures = await CheckpointWithExit.EachAsync(
            fault,
            static run =>
            {
                Assert.True(run.Failure is null, $"{run.Step}: {run.Failure}");
                Assert.Equal(Wire.TaskTypes.Status.Stopped, run.Store.Task);
                Assert.True(run.Store.Checkpoint(Name).Manifests!.Any(static part => part.MediaType == CheckpointIndex.Processes), run.Step);
            },
            after: "Tasks/Checkpoint");
        Assert.Equal(0, failures);
    }

    [Fact]
    public async Task WhatHasEndedAndCannotBeNamedStaysUnderItsLease()
    {
        FaultRun<CheckpointStore> run = await CheckpointWithExit.FailAsync("Images/Create", Fault.Refused);
        var e = Assert.IsType<ContainerdException>(run.Failure);
        Assert.Equal("CheckpointIncomplete", e.Reason);
        string lease = Assert.Single(run.Store.Leases);
        Assert.Contains($"'{lease}'", e.Message, StringComparison.Ordinal);
        Assert.Contains(run.Store.Leftovers(), static left => left.StartsWith("blob ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TheDumpIsFoundThatADaemonFailsToTellOf()
    {
        var old = new FaultWalk<CheckpointStore>(
            static daemon => new CheckpointStore(daemon) { FailsOnKnownSpec = true }, static (client, cancellationToken) => RunAsync(client, exit: false, cancellationToken));
        FaultRun<CheckpointStore> run = await old.HonestAsync();
        Assert.Null(run.Failure);
        ImageIndex index = run.Store.Checkpoint(Name);
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
            var failing = new FaultWalk<CheckpointStore>(
                daemon =>
                {
                    var store = new CheckpointStore(daemon);
                    daemon.Fail("tasks.v1.Tasks/Checkpoint", StatusCode.Unknown, $"runc did not terminate successfully: exit status 1: criu failed: type DUMP errno 0 path= {log}: unknown");
                    return store;
                },
                static (client, cancellationToken) => RunAsync(client, exit: false, cancellationToken));
            FaultRun<CheckpointStore> run = await failing.HonestAsync();
            var e = Assert.IsType<ContainerdException>(run.Failure);
            Assert.Equal("CriuFailed", e.Reason);
            Assert.Equal(ContainerdErrorCode.FailedPrecondition, e.Code);
            Assert.Contains("were not dumped: criu failed: type DUMP errno 0.", e.Message, StringComparison.Ordinal);
            Assert.Contains("(00.02) Error (criu/one.c:1): no way", e.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("all is well", e.Message, StringComparison.Ordinal);
            Assert.Contains($"'{log}'", e.Message, StringComparison.Ordinal);
            Assert.Empty(run.Store.Leftovers());
            Assert.Equal(Wire.TaskTypes.Status.Running, run.Store.Task);
        }
        finally
        {
            File.Delete(log);
        }
    }

    private static async Task RunAsync(NamespaceClient client, bool exit, CancellationToken cancellationToken)
    {
        var request = new CheckpointRequest { Container = CheckpointStore.Container, Name = Name, Options = new CheckpointOptions { FileLocks = true, Exit = exit } };
        await ContainerCheckpoint.RunAsync(client, await CheckpointPlan.MakeAsync(client, request, cancellationToken), cancellationToken);
    }
}
