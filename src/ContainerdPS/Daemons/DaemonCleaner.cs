using System.Globalization;
using ContainerdPS.Mounts;
using ContainerdPS.Native;

namespace ContainerdPS.Daemons;

/// <summary>
/// Ends a private daemon and takes away all it brought: processes, sockets, runtime states, cgroups, mounts, files.
/// Each step is tried whatever became of the others. The watchdog's script does the same for an owner that died.
/// </summary>
internal sealed class DaemonCleaner(DaemonFolder folder, DaemonBinaries binaries, SharedFolders shared, DateTime daemonStart)
{
    private static readonly TimeSpan StepTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(15);

    private readonly List<string> _problems = [];

    /// <summary>Does all of it. A cancelled token only shortens the daemon's time to end by itself.</summary>
    /// <returns>What could not be done, as clauses; empty when nothing is left.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(
        ChildProcess? daemon, TimeSpan grace, bool keepFolder, CancellationToken cancellationToken)
    {
        // The daemon goes first: while it lives, a client can make new containers behind us.
        IReadOnlyList<string> fifos = [];
        if (daemon is not null)
        {
            fifos = daemon.HasExited ? [] : await TaskFifos.FindAsync(folder.Address, cancellationToken).ConfigureAwait(false);
            await EndDaemonAsync(daemon, grace, cancellationToken).ConfigureAwait(false);
        }

        List<ContainerBundle> bundles = [];
        List<string> outside = [];
        Try("read the containers' bundles", () => bundles = ContainerBundle.ReadAll(folder.State));
        Try("find the sockets and fifos of the shims", () => outside = OutsideFiles(bundles, fifos));

        // The runtime ends containers best (it thaws frozen ones and knows their cgroups) while their shims can reap them.
        await Parallel.ForEachAsync(bundles, CancellationToken.None, (bundle, _) => DeleteContainerAsync(bundle))
            .ConfigureAwait(false);
        await EndProcessesAsync("container processes", () => ContainerProcesses(bundles)).ConfigureAwait(false);
        await EndProcessesAsync("shims", () => ProcessTable.ShimsOf(folder.Address)).ConfigureAwait(false);

        outside.ForEach(path => Try($"remove '{path}'", () => RemoveOutsideFile(path)));
        foreach (var bundle in bundles)
        {
            Try($"remove the runtime state of container '{bundle.Id}'", () => RemoveRuntimeState(bundle));
            await RemoveCgroupAsync(bundle).ConfigureAwait(false);
        }

        Try("remove empty folders", () => RemoveEmptyFolders(bundles));
        Try($"unmount everything of '{folder.BasePath}'", Unmount);
        if (!keepFolder)
        {
            Try($"delete '{folder.BasePath}'", DeleteFolder);
        }

        return _problems;
    }

    private async Task EndDaemonAsync(ChildProcess daemon, TimeSpan grace, CancellationToken cancellationToken)
    {
        _ = daemon.Signal(ProcessCalls.Terminate);
        if (!await daemon.WaitAsync(grace, cancellationToken).ConfigureAwait(false))
        {
            _ = daemon.Signal(ProcessCalls.Kill);
            if (!await daemon.WaitAsync(StepTimeout, CancellationToken.None).ConfigureAwait(false))
            {
                _problems.Add($"the daemon (process {daemon.Id}) did not end");
            }
        }
    }

    private List<string> OutsideFiles(List<ContainerBundle> bundles, IReadOnlyList<string> fifos)
    {
        var sockets = ProcessTable.UnixSockets();
        var found = new HashSet<string>(bundles.SelectMany(bundle => bundle.Sockets).Concat(fifos));
        foreach (var target in ProcessTable.ShimsOf(folder.Address).SelectMany(ProcessTable.OpenTargets))
        {
            if (target.StartsWith("/run/containerd/fifo/", StringComparison.Ordinal))
            {
                // A shim of 1.6 keeps the input of a terminal open when its process and its fifos are gone.
                if (target.EndsWith(" (deleted)", StringComparison.Ordinal))
                {
                    continue;
                }

                // A client's fifos (ctr leaves them when it detaches); ours are inside the folder.
                found.Add(target);
            }
            else if (target.StartsWith("socket:[", StringComparison.Ordinal))
            {
                found.UnionWith(sockets[target["socket:[".Length..^1]]);
            }
        }

        return found.Where(path => path.StartsWith("/run/containerd/", StringComparison.Ordinal)).ToList();
    }

    private async ValueTask DeleteContainerAsync(ContainerBundle bundle)
    {
        if (bundle.OwnRuntimeState(daemonStart) is null)
        {
            return;
        }

        // A failure here is made good by the steps that follow; what even those leave is reported by them.
        try
        {
            var runtime = bundle.Runtime is ['/', ..] named ? named : binaries.Runtime;
            var run = ChildProcess.Start(
                runtime, ["--root", bundle.RuntimeRoot, "delete", "--force", bundle.Id],
                [$"PATH={binaries.SearchPath}"], null, Path.Combine(folder.Temporary, "delete.log"));
            if (!await run.WaitAsync(StepTimeout, CancellationToken.None).ConfigureAwait(false))
            {
                _ = run.Signal(ProcessCalls.Kill);
            }
        }
        catch (ContainerdException)
        {
        }
    }

    private List<int> ContainerProcesses(List<ContainerBundle> bundles)
    {
        // Without its shim a container's first process is found by its id, which may have been given to another since.
        var orphans = bundles
            .Where(bundle => bundle.InitProcessId > 1 && bundle.Cgroup is { } cgroup
                && ProcessTable.IsInCgroup(bundle.InitProcessId, cgroup))
            .Select(bundle => bundle.InitProcessId);
        return ProcessTable.DescendantsOf(ProcessTable.ShimsOf(folder.Address)).Union(orphans).ToList();
    }

    private async Task EndProcessesAsync(string what, Func<List<int>> find)
    {
        try
        {
            var deadline = Environment.TickCount64 + (long)StepTimeout.TotalMilliseconds;
            while (find().Where(ProcessTable.IsAlive).ToList() is { Count: > 0 } alive)
            {
                if (Environment.TickCount64 > deadline)
                {
                    var ids = string.Join(", ", alive.Select(id => id.ToString(CultureInfo.InvariantCulture)));
                    _problems.Add($"{what} did not end: {ids}");
                    return;
                }

                alive.ForEach(id => ProcessCalls.Signal(id, ProcessCalls.Kill));
                await Task.Delay(PollInterval, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _problems.Add($"could not end the {what}: {failure.Message}");
        }
    }

    private static void RemoveOutsideFile(string path)
    {
        File.Delete(path);

        // A client's fifos lie in a folder made for them alone.
        if (path.StartsWith("/run/containerd/fifo/", StringComparison.Ordinal)
            && Path.GetDirectoryName(path) is { } parent && parent != "/run/containerd/fifo")
        {
            _ = PathCalls.RemoveDirectory(parent);
        }
    }

    private void RemoveRuntimeState(ContainerBundle bundle)
    {
        if (bundle.OwnRuntimeState(daemonStart) is { } state)
        {
            Directory.Delete(state, recursive: true);
        }
    }

    private async Task RemoveCgroupAsync(ContainerBundle bundle)
    {
        if (bundle.Cgroup is not { } cgroup)
        {
            return;
        }

        // The kernel lets a cgroup go a moment after its last process. One that stays is another daemon's of the same name.
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var gone = true;
            Try($"remove the cgroup '{cgroup}'", () => gone = shared.RemoveCgroup(cgroup));
            if (gone)
            {
                return;
            }

            await Task.Delay(PollInterval, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private void RemoveEmptyFolders(List<ContainerBundle> bundles)
    {
        var namespaces = ContainerBundle.UsedNamespaces(folder.State);
        namespaces.ForEach(used => shared.RemoveEmptyNamespaceCgroup(used.Namespace));
        shared.RemoveEmptyRunFolders(
            bundles.Select(bundle => bundle.RuntimeRoot).Union(namespaces.Select(used => used.RuntimeRoot)));
    }

    private void Unmount()
    {
        var snapshots = MountRecords.All().Where(record => record.Address == folder.Address).ToList();
        foreach (var path in MountTable.Touching(folder.BasePath))
        {
            if (MountCalls.Unmount(path) is { } reason)
            {
                _problems.Add($"'{path}' could not be unmounted: {reason}");
            }
        }

        foreach (var record in snapshots)
        {
            MountRecords.Remove(record);
            MountFolder.Remove(record.OwnFolders);
        }
    }

    private void DeleteFolder()
    {
        // Deleting through a mount that is still there would delete what is mounted.
        if (MountTable.Below(folder.BasePath) is [var mounted, ..])
        {
            throw new IOException($"'{mounted}' is still mounted.");
        }

        if (!Directory.Exists(folder.BasePath))
        {
            return;
        }

        try
        {
            Directory.Delete(folder.BasePath, recursive: true);
        }
        catch (IOException) when (RemoveTree(folder.BasePath))
        {
            // An image may have names of files that are no text, and those .NET cannot say.
        }
    }

    private bool RemoveTree(string path)
    {
        var run = ChildProcess.Start("rm", ["-rf", "--", path], [$"PATH={binaries.SearchPath}"], null, "/dev/null");
        return run.Join(Timeout.InfiniteTimeSpan) && !Directory.Exists(path);
    }

    private void Try(string what, Action step)
    {
        try
        {
            step();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _problems.Add($"could not {what}: {failure.Message}");
        }
    }
}
