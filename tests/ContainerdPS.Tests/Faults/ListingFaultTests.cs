using ContainerdPS.Services;
using ContainerdPS.Sessions;
using ContainerdPS.Wire.ContainersV1;
using ContainerdPS.Wire.TasksV1;
using ContainerdPS.Wire.TaskTypes;
using FakeContainerd;
using Grpc.Core;
using Xunit;

namespace ContainerdPS.Tests.Faults;

/// <summary>Lists of containers from daemons that are too old, break off, or refuse.</summary>
public sealed class ListingFaultTests : FaultTest
{
    private const string ListStream = "containers.v1.Containers/ListStream";

    [Fact]
    public async Task ADaemonWithoutTheStreamIsAskedForTheWholeList()
    {
        Tasks();
        Daemon.On<ListContainersRequest>("containers.v1.Containers/List", (request, _) =>
        {
            Assert.Equal(["id==a"], request.Filters);
            return new ListContainersResponse { Containers = { Record("a"), Record("b") } };
        });
        (List<string> ids, Exception? failure) = await ReadAsync(new ContainerQuery { Filters = ["id==a"] });
        Assert.Null(failure);
        Assert.Equal(["a", "b"], ids);
        Assert.Equal(1, Daemon.Calls.Count(static call => call.Method == "Containers/ListStream"));
    }

    [Fact]
    public async Task AStreamThatStallsEndsWithTheTimeout()
    {
        Tasks();
        Stream(static async call =>
        {
            await call.WriteAsync(new ListContainerMessage { Container = Record("a") });
            await Task.Delay(Timeout.Infinite, call.Aborting).ContinueWith(static _ => { }, TaskScheduler.Default);
        });
        using ContainerdSession session = SessionFactory.Create(Daemon.Address, "here", TimeSpan.FromMilliseconds(300));
        var client = new NamespaceClient(session, "here");
        List<string> ids = [];
        var error = await Assert.ThrowsAsync<ContainerdException>(async () =>
        {
            await foreach (Container container in new ContainerQuery().ReadAsync(client, default))
            {
                ids.Add(container.Id);
            }
        });
        Assert.Equal("DeadlineExceeded", error.Reason);
        Assert.Equal(["a"], ids);
    }

    [Fact]
    public async Task WhatCameBeforeTheStreamBrokeIsGiven()
    {
        Tasks();

        // It breaks off when the reader has what was sent, or that would be overtaken.
        var read = new TaskCompletionSource();
        Stream(async call =>
        {
            await call.WriteAsync(new ListContainerMessage { Container = Record("a") });
            await call.WriteAsync(new ListContainerMessage { Container = Record("b") });
            await read.Task;
            call.Break();
        });
        (List<string> ids, Exception? failure) = await ReadAsync(new ContainerQuery(), container => _ = container.Id == "b" && read.TrySetResult());
        Assert.Equal(["a", "b"], ids);
        var error = Assert.IsType<ContainerdException>(failure);
        Assert.Equal("ConnectionLost", error.Reason);
        Assert.Equal(ContainerdErrorCode.Unavailable, error.Code);
    }

    [Fact]
    public async Task AContainerWhoseTaskIsGoneByThenHasNone()
    {
        Tasks(new Process { ContainerId = "a", Pid = 5, Status = Wire.TaskTypes.Status.Running }, new Process { Id = "gone", Pid = 6, Status = Wire.TaskTypes.Status.Running });
        Stream(static async call =>
        {
            await call.WriteAsync(new ListContainerMessage { Container = Record("a") });
            await call.WriteAsync(new ListContainerMessage { Container = Record("b") });
        });
        var statuses = new List<string>();
        await foreach (Container container in new ContainerQuery().ReadAsync(Client, default))
        {
            statuses.Add($"{container.Id} {container.Status}");
        }

        Assert.Equal(["a Running", "b NoTask"], statuses);
        Assert.Equal(1, Daemon.Calls.Count(static call => call.Method.StartsWith("Tasks/", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(StatusCode.Unknown, ContainerdErrorCode.Unknown)]
    [InlineData(StatusCode.ResourceExhausted, ContainerdErrorCode.ResourceExhausted)]
    [InlineData(StatusCode.PermissionDenied, ContainerdErrorCode.PermissionDenied)]
    [InlineData(StatusCode.Internal, ContainerdErrorCode.Internal)]
    [InlineData(StatusCode.InvalidArgument, ContainerdErrorCode.InvalidArgument)]
    [InlineData(StatusCode.Aborted, ContainerdErrorCode.Aborted)]
    public async Task AStatusBecomesItsCodeAndKeepsTheDaemonsWords(StatusCode status, ContainerdErrorCode code)
    {
        Tasks();
        Daemon.Fail(ListStream, status, "words of its own, with ümlauts");
        (List<string> ids, Exception? failure) = await ReadAsync(new ContainerQuery());
        Assert.Empty(ids);
        var error = Assert.IsType<ContainerdException>(failure);
        Assert.Equal(code, error.Code);
        Assert.Equal("words of its own, with ümlauts", error.DaemonMessage);
    }

    [Fact]
    public async Task AFailureInMidStreamIsTold()
    {
        Tasks();
        Stream(static async call =>
        {
            await call.WriteAsync(new ListContainerMessage { Container = Record("a") });
            throw new RpcException(new Grpc.Core.Status(StatusCode.ResourceExhausted, "out of memory"));
        });
        (List<string> ids, Exception? failure) = await ReadAsync(new ContainerQuery());
        Assert.Equal(["a"], ids);
        Assert.Equal(ContainerdErrorCode.ResourceExhausted, Assert.IsType<ContainerdException>(failure).Code);
    }

    [Fact]
    public async Task TasksThatCannotBeListedFailTheListAndNotInSilence()
    {
        Daemon.Fail("tasks.v1.Tasks/List", StatusCode.Unknown, "the shim is gone");
        Stream(static call => call.WriteAsync(new ListContainerMessage { Container = Record("a") }));
        (List<string> ids, Exception? failure) = await ReadAsync(new ContainerQuery());
        Assert.Empty(ids);
        Assert.Equal("the shim is gone", Assert.IsType<ContainerdException>(failure).DaemonMessage);
    }

    private static Wire.ContainersV1.Container Record(string id) => new() { Id = id };

    private void Tasks(params Process[] tasks) => Daemon.On<ListTasksRequest>("tasks.v1.Tasks/List", (_, _) => new ListTasksResponse { Tasks = { tasks } });

    private void Stream(Func<FakeCall, Task> answer) => Daemon.OnStream<ListContainersRequest>(ListStream, (_, call) => answer(call));

    private async Task<(List<string> Ids, Exception? Failure)> ReadAsync(ContainerQuery query, Action<Container>? each = null)
    {
        var ids = new List<string>();
        Exception? failure = await Xunit.Record.ExceptionAsync(async () =>
        {
            await foreach (Container container in query.ReadAsync(Client, default))
            {
                ids.Add(container.Id);
                each?.Invoke(container);
            }
        });
        return (ids, failure);
    }
}
