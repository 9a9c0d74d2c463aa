using System.Diagnostics;
using ContainerdPS.Daemons;
using ContainerdPS.Native;
using ContainerdPS.Tests.Support;
using Xunit;

namespace ContainerdPS.Tests.Daemons;

[Collection("private daemons")]
public sealed class PrivateDaemonTests(DaemonBench bench) : IClassFixture<DaemonBench>
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    [NeedsContainerdFact]
    public async Task Serves_in_a_session_of_its_own_with_nothing_inherited()
    {
        // Open in this process and inheritable, as what a build server's job hands on.
        using var given = new FileStream(Path.Combine(bench.Parent, "given"), FileMode.Create);
        var inherited = (int)given.SafeFileHandle.DangerousGetHandle();
        MakeInheritable(inherited);
        await using var daemon = await bench.StartAsync();

        Assert.Matches(@"^\d+\.\d+", daemon.Version);
        Assert.False(daemon.HasExited);
        Assert.Contains(daemon, PrivateDaemons.All);
        var stat = (await File.ReadAllTextAsync($"/proc/{daemon.ProcessId}/stat")).Split(' ');
        Assert.Equal(stat[0], stat[5]);
        Assert.DoesNotContain(given.Name, ProcessTable.OpenTargets(daemon.ProcessId));
        Assert.DoesNotContain(given.Name, ProcessTable.OpenTargets(daemon.WatchdogProcessId));
        Assert.Equal("/dev/null", new FileInfo($"/proc/{daemon.ProcessId}/fd/0").LinkTarget);
        Assert.Equal(daemon.LogPath, new FileInfo($"/proc/{daemon.ProcessId}/fd/1").LinkTarget);

        var watchdog = daemon.WatchdogProcessId;
        await daemon.StopAsync(Grace, CancellationToken.None);
        await daemon.StopAsync(Grace, CancellationToken.None);

        Assert.True(daemon.HasExited);
        Assert.DoesNotContain(daemon, PrivateDaemons.All);
        Assert.Empty(DaemonBench.Remains(daemon, [], [daemon.ProcessId, watchdog]));
    }

    [NeedsContainerdFact]
    public Task Stop_ends_running_and_frozen_containers_and_leaves_nothing() =>
        AfterContainersAsync(daemon => daemon.StopAsync(Grace, CancellationToken.None));

    [NeedsContainerdFact]
    public Task A_cancelled_stop_still_leaves_nothing() =>
        AfterContainersAsync(daemon => daemon.StopAsync(Grace, new CancellationToken(canceled: true)));

    [NeedsContainerdFact]
    public Task The_watchdog_leaves_nothing_when_the_owner_is_gone() =>
        AfterContainersAsync(daemon =>
        {
            daemon.LeaveToWatchdog();
            Assert.True(daemon.JoinWatchdog(TimeSpan.FromSeconds(30)));
            return Task.CompletedTask;
        });

    [NeedsContainerdFact]
    public Task The_watchdog_does_so_under_busybox_too() =>
        AfterContainersAsync(async daemon =>
        {
            await KillWatchdogAsync(daemon);
            var script = Path.Combine(daemon.BaseDirectory, "watchdog.sh");
            var start = new ProcessStartInfo("busybox", ["sh", script, daemon.BaseDirectory, daemon.Address, DaemonBench.Runtime])
            {
                RedirectStandardInput = true,
            };
            using var watchdog = Process.Start(start)!;
            watchdog.StandardInput.Close();
            await watchdog.WaitForExitAsync();
        });

    [NeedsContainerdFact]
    public Task A_watchdog_that_was_killed_is_replaced_at_the_end() =>
        AfterContainersAsync(async daemon =>
        {
            await KillWatchdogAsync(daemon);
            daemon.LeaveToWatchdog();
            Assert.True(daemon.JoinWatchdog(TimeSpan.FromSeconds(30)));
        });

    [NeedsContainerdFact]
    public async Task Only_the_owner_holds_the_watchdogs_pipe()
    {
        await using var daemon = await bench.StartAsync();
        await bench.RunContainerAsync(daemon, DaemonBench.NewNamespace(), "holder");
        using var child = Process.Start("sleep", "30");
        var pipe = new FileInfo($"/proc/{daemon.WatchdogProcessId}/fd/0").LinkTarget!;

        var holders = Directory.GetDirectories("/proc").Select(Path.GetFileName)
            .Where(name => int.TryParse(name, out var id) && ProcessTable.OpenTargets(id).Contains(pipe))
            .Select(name => int.Parse(name!, System.Globalization.CultureInfo.InvariantCulture));

        Assert.Equal(new[] { Environment.ProcessId, daemon.WatchdogProcessId }.Order(), holders.Order());
        child.Kill();
    }

    [NeedsContainerdFact]
    public Task A_daemon_killed_by_somebody_is_noticed_and_cleaned_up_after() =>
        AfterContainersAsync(async daemon =>
        {
            ProcessCalls.Signal(daemon.ProcessId, ProcessCalls.Kill);
            Assert.Equal(137, await daemon.Exited.WaitAsync(TimeSpan.FromSeconds(10)));
            Assert.True(daemon.HasExited);
            await daemon.StopAsync(Grace, CancellationToken.None);
        });

    [NeedsContainerdFact]
    public Task Containers_whose_shims_were_killed_end_too() =>
        AfterContainersAsync(async daemon =>
        {
            ProcessCalls.Signal(daemon.ProcessId, ProcessCalls.Kill);
            await daemon.Exited;
            ProcessTable.ShimsOf(daemon.Address).ForEach(shim => ProcessCalls.Signal(shim, ProcessCalls.Kill));
            await daemon.StopAsync(Grace, CancellationToken.None);
        }, clientKeepsItsFifosInside: true);

    [NeedsContainerdFact]
    public Task The_watchdog_ends_containers_whose_shims_were_killed() =>
        AfterContainersAsync(async daemon =>
        {
            // The daemon first: it would begin to clean up after its shims.
            ProcessCalls.Signal(daemon.ProcessId, ProcessCalls.Kill);
            await daemon.Exited;
            ProcessTable.ShimsOf(daemon.Address).ForEach(shim => ProcessCalls.Signal(shim, ProcessCalls.Kill));
            daemon.LeaveToWatchdog();
            Assert.True(daemon.JoinWatchdog(TimeSpan.FromSeconds(30)));
        }, clientKeepsItsFifosInside: true);

    [NeedsContainerdFact]
    public Task Containers_end_where_the_runtime_fails_to_delete_them() =>
        AfterRuntimeFailsAsync(daemon => daemon.StopAsync(Grace, CancellationToken.None));

    [NeedsContainerdFact]
    public Task The_watchdog_ends_containers_where_the_runtime_fails_to_delete_them() =>
        AfterRuntimeFailsAsync(daemon =>
        {
            daemon.LeaveToWatchdog();
            Assert.True(daemon.JoinWatchdog(TimeSpan.FromSeconds(30)));
            return Task.CompletedTask;
        });

    [NeedsContainerdFact]
    public async Task Nothing_is_left_of_containers_that_ended_before()
    {
        foreach (var byWatchdog in new[] { false, true })
        {
            var @namespace = DaemonBench.NewNamespace();
            await using var daemon = await bench.StartAsync();
            await DaemonBench.CtrAsync(
                daemon, @namespace, "run", "--rm", "--rootfs", bench.RootFilesystem, "short", "/bin/busybox", "true");
            var outside = DaemonBench.OutsideThings(daemon, @namespace);
            Assert.NotEmpty(outside);
            if (byWatchdog)
            {
                daemon.LeaveToWatchdog();
                Assert.True(daemon.JoinWatchdog(TimeSpan.FromSeconds(30)));
            }
            else
            {
                await daemon.StopAsync(Grace, CancellationToken.None);
            }

            Assert.Empty(DaemonBench.Remains(daemon, outside, []));
        }
    }

    [NeedsContainerdFact]
    public async Task Two_daemons_share_a_namespaces_name_and_do_not_harm_each_other()
    {
        var @namespace = DaemonBench.NewNamespace();
        await using var first = await bench.StartAsync();
        await using var second = await bench.StartAsync();
        await bench.RunContainerAsync(first, @namespace, "one");
        await bench.RunContainerAsync(second, @namespace, "two");
        var processes = DaemonBench.Processes(second);
        var outside = DaemonBench.OutsideThings(second, @namespace);

        await first.StopAsync(Grace, CancellationToken.None);

        Assert.All(processes, id => Assert.True(ProcessTable.IsAlive(id)));
        Assert.All(outside, path => Assert.True(Path.Exists(path)));
        await DaemonBench.CtrAsync(second, @namespace, "task", "exec", "--exec-id", "x", "two", "/bin/busybox", "true");

        await second.StopAsync(Grace, CancellationToken.None);
        Assert.Empty(DaemonBench.Remains(second, outside, processes));
    }

    [NeedsContainerdFact]
    public async Task Stopping_all_stops_all()
    {
        var first = await bench.StartAsync();
        var second = await bench.StartAsync();

        await PrivateDaemons.StopAllAsync(Grace, CancellationToken.None);

        Assert.Empty(PrivateDaemons.All);
        Assert.True(first.IsStopped);
        Assert.True(second.IsStopped);
        Assert.Empty(bench.Folders);
    }

    [NeedsContainerdFact]
    public async Task Another_daemons_things_of_the_same_name_stay()
    {
        var @namespace = DaemonBench.NewNamespace();
        var state = $"/run/containerd/runc/{@namespace}/same";
        var socket = $"/run/containerd/s/{@namespace}";
        using var foreign = Process.Start(
            "sh", ["-c", "sleep 60; exit", "shim", "-namespace", @namespace, "-id", "same", "-address", "/run/other.sock"]);
        try
        {
            Directory.CreateDirectory(state);
            await File.WriteAllTextAsync(state + "/state.json", """{"config":{"labels":["bundle=/run/other/same"]}}""");
            Directory.CreateDirectory("/run/containerd/s");
            await File.WriteAllTextAsync(socket, "");
            foreach (var stop in new Func<PrivateDaemon, Task>[]
            {
                daemon => daemon.StopAsync(Grace, CancellationToken.None),
                daemon =>
                {
                    daemon.LeaveToWatchdog();
                    Assert.True(daemon.JoinWatchdog(TimeSpan.FromSeconds(30)));
                    return Task.CompletedTask;
                },
            })
            {
                await using var daemon = await bench.StartAsync();
                Directory.CreateDirectory($"{daemon.StateDirectory}/io.containerd.runtime.v2.task/{@namespace}/same");
                await stop(daemon);

                Assert.Empty(DaemonBench.Remains(daemon, [], []));
                Assert.True(File.Exists(state + "/state.json"));
                Assert.True(File.Exists(socket));
                Assert.False(foreign.HasExited);
            }
        }
        finally
        {
            foreign.Kill(entireProcessTree: true);
            Directory.Delete(Path.GetDirectoryName(state)!, recursive: true);
            File.Delete(socket);
        }
    }

    [NeedsContainerdFact]
    public async Task What_cannot_be_removed_is_reported_and_the_rest_removed()
    {
        var @namespace = DaemonBench.NewNamespace();
        var stubborn = $"/run/containerd/s/{@namespace}";
        await using var daemon = await bench.StartAsync();
        await bench.RunContainerAsync(daemon, @namespace, "beside");
        var processes = DaemonBench.Processes(daemon);
        var outside = DaemonBench.OutsideThings(daemon, @namespace);

        // A folder where a socket is said to be cannot be deleted as a file.
        Directory.CreateDirectory(stubborn);
        try
        {
            var bundle = Directory.CreateDirectory($"{daemon.StateDirectory}/io.containerd.runtime.v2.task/{@namespace}/odd");
            await File.WriteAllTextAsync(Path.Combine(bundle.FullName, "address"), "unix://" + stubborn);

            var failure = await Assert.ThrowsAsync<ContainerdException>(() => daemon.StopAsync(Grace, CancellationToken.None));

            Assert.Equal(ContainerdErrorCode.Internal, failure.Code);
            Assert.Contains(stubborn, failure.Message);
            Assert.False(daemon.IsStopped);
            Assert.Equal([$"/proc/{daemon.WatchdogProcessId}"], DaemonBench.Remains(daemon, outside, processes));
        }
        finally
        {
            Directory.Delete(stubborn);
        }

        await daemon.StopAsync(Grace, CancellationToken.None);
        Assert.True(daemon.IsStopped);
    }

    private static void MakeInheritable(int descriptor) =>
        Assert.Equal(0, TestCalls.SetDescriptorFlags(descriptor, 2, 0));

    private static async Task KillWatchdogAsync(PrivateDaemon daemon)
    {
        var watchdog = daemon.WatchdogProcessId;
        ProcessCalls.Signal(watchdog, ProcessCalls.Kill);
        while (ProcessTable.IsAlive(watchdog))
        {
            await Task.Delay(10);
        }

        Assert.True(daemon.JoinWatchdog(Grace));
    }

    private async Task AfterContainersAsync(Func<PrivateDaemon, Task> end, bool clientKeepsItsFifosInside = false)
    {
        var @namespace = DaemonBench.NewNamespace();
        await using var daemon = await bench.StartAsync();
        await Task.WhenAll(
            bench.RunContainerAsync(daemon, @namespace, "running", clientKeepsItsFifosInside),
            bench.RunContainerAsync(daemon, @namespace, "frozen", clientKeepsItsFifosInside));
        await DaemonBench.CtrAsync(daemon, @namespace, "task", "pause", "frozen");
        var mountPoint = Directory.CreateDirectory(Path.Combine(daemon.BaseDirectory, "a mount")).FullName;
        Assert.Equal((0, ""), await DaemonBench.RunAsync("mount", ["-t", "tmpfs", "tmpfs", mountPoint]));
        Directory.CreateDirectory(mountPoint + "/inner");
        Assert.Equal((0, ""), await DaemonBench.RunAsync("mount", ["--bind", bench.RootFilesystem, mountPoint + "/inner"]));
        var outside = DaemonBench.OutsideThings(daemon, @namespace);
        var processes = DaemonBench.Processes(daemon);
        Assert.True(outside.Count >= 5, string.Join('\n', outside));
        Assert.True(processes.Count >= 7, string.Join('\n', processes));

        await end(daemon);

        Assert.Empty(DaemonBench.Remains(daemon, outside, processes));
        Assert.True(File.Exists(bench.RootFilesystem + "/bin/busybox"));
    }

    private async Task AfterRuntimeFailsAsync(Func<PrivateDaemon, Task> end)
    {
        var runtime = Path.Combine(bench.Parent, "failing-runc");
        await File.WriteAllTextAsync(
            runtime, $"#!/bin/sh\ncase \" $* \" in *' delete '*) exit 1 ;; esac\nexec {DaemonBench.Runtime} \"$@\"\n");
        Assert.Equal((0, ""), await DaemonBench.RunAsync("chmod", ["0700", runtime]));
        var @namespace = DaemonBench.NewNamespace();
        await using var daemon = await PrivateDaemon.StartAsync(
            bench.Options with { RuntimePath = runtime }, DaemonBench.IsServingAsync, CancellationToken.None);
        await bench.RunContainerAsync(daemon, @namespace, "kept");
        var outside = DaemonBench.OutsideThings(daemon, @namespace);
        var processes = DaemonBench.Processes(daemon);

        await end(daemon);

        Assert.Empty(DaemonBench.Remains(daemon, outside, processes));
    }
}
