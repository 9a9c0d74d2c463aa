using ContainerdPS.Services;
using ContainerdPS.Sessions;
using FakeContainerd;
using Grpc.Core;
using Xunit;

namespace ContainerdPS.Tests.Faults;

/// <summary>Does a piece of work over and over, each time on a new daemon, and has another one of its calls fail each time.</summary>
/// <param name="furnish">Gives a daemon what it keeps.</param>
/// <param name="work">What is done on it.</param>
internal sealed class FaultWalk<TStore>(Func<FakeDaemon, TStore> furnish, Func<NamespaceClient, CancellationToken, Task> work)
{
    private const int None = -1;

    /// <summary>The work with no failure.</summary>
    public Task<FaultRun<TStore>> HonestAsync() => RunAsync(None, default, "no failure");

    /// <summary>The work with one failure, at the first call of a method.</summary>
    public async Task<FaultRun<TStore>> FailAsync(string method, Fault fault)
    {
        int failing = (await HonestAsync()).IndexOf(method);
        Assert.True(failing > None, $"{method} is not called.");
        return await RunAsync(failing, fault, $"{fault} at {method}");
    }

    /// <summary>The work as often as it has calls, each of which fails once. The end of a lease is left out: it is tried once, and what it leaves expires by itself.</summary>
    /// <param name="fault">How they fail.</param>
    /// <param name="check">Looks at what has become of it.</param>
    /// <param name="after">A method from whose call on they fail; null for all.</param>
    /// <returns>How many of the calls made the work fail.</returns>
    public async Task<int> EachAsync(Fault fault, Action<FaultRun<TStore>> check, string? after = null)
    {
        FaultRun<TStore> honest = await HonestAsync();
        Assert.Null(honest.Failure);
        int failures = 0;
        var wrong = new List<string>();
        for (int failing = after is null ? 0 : honest.IndexOf(after) + 1; failing < honest.Calls.Count; failing++)
        {
            string method = honest.Calls[failing].Method;
            if (method == "Leases/Delete")
            {
                continue;
            }

            FaultRun<TStore> run = await RunAsync(failing, fault, $"{fault} at call {failing}, {method}");
            bool isExpected = run.Failure is null || (fault is Fault.Cancelled or Fault.Stopped ? run.Failure is OperationCanceledException : run.Failure is ContainerdException);
            failures += run.Failure is null ? 0 : 1;
            try
            {
                Assert.True(isExpected, $"{run.Step}: {run.Failure}");
                check(run);
            }
            catch (Xunit.Sdk.XunitException e)
            {
                // Which other steps go wrong in the same way says more than the first alone.
                wrong.Add(e.Message);
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
        return failures;
    }

    private async Task<FaultRun<TStore>> RunAsync(int failing, Fault fault, string step)
    {
        await using FakeDaemon daemon = await FakeDaemon.StartAsync();
        using var cancellation = new CancellationTokenSource();
        TStore store = furnish(daemon);
        int asked = None;
        FakeCall? faulty = null;
        daemon.Before = call =>
        {
            if (Interlocked.Increment(ref asked) == failing)
            {
                faulty = fault == Fault.Refused ? throw new RpcException(new Status(StatusCode.Unknown, "made up")) : call;
            }

            return Task.CompletedTask;
        };
        daemon.After = async call =>
        {
            if (call != faulty)
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
        Exception? failure = await Record.ExceptionAsync(() => work(new NamespaceClient(session, "here"), cancellation.Token));
        return new FaultRun<TStore>(store, daemon.Calls, failure, step);
    }
}

/// <summary>What became of a piece of work.</summary>
/// <param name="Store">What the daemon keeps after it.</param>
/// <param name="Calls">What the daemon was asked.</param>
/// <param name="Failure">How it failed; null when it did not.</param>
/// <param name="Step">Which call failed and how, for a test's message.</param>
internal sealed record FaultRun<TStore>(TStore Store, IReadOnlyList<FakeCall> Calls, Exception? Failure, string Step)
{
    /// <summary>Where a method was called first; -1 when it was not.</summary>
    public int IndexOf(string method) => Calls.ToList().FindIndex(call => call.Method == method);
}
