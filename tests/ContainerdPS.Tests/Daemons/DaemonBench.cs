using Xunit;
using System.Diagnostics;
using ContainerdPS.Daemons;

namespace ContainerdPS.Tests.Daemons;

/// <summary>A folder to start daemons in, containers to run in them, and a look at what is left of both.</summary>
public sealed class DaemonBench : IDisposable
{
    public DaemonBench()
    {
        Parent = Directory.CreateTempSubdirectory("cpst-").FullName;
        RootFilesystem = Path.Combine(Parent, "rootfs");
        foreach (var folder in new[] { "bin", "dev", "etc", "proc", "run", "sys", "tmp" })
        {
            Directory.CreateDirectory(Path.Combine(RootFilesystem, folder));
        }

        if (File.Exists("/usr/bin/busybox"))
        {
            File.Copy("/usr/bin/busybox", Path.Combine(RootFilesystem, "bin/busybox"));
            File.CreateSymbolicLink(Path.Combine(RootFilesystem, "bin/sh"), "busybox");
            File.CreateSymbolicLink(Path.Combine(RootFilesystem, "bin/sleep"), "busybox");
        }
    }

    /// <summary>The installed runc.</summary>
    internal static string Runtime => DaemonBinaries.Find(new()).Runtime;

    internal string Parent { get; }

    internal string RootFilesystem { get; }

    internal PrivateDaemonOptions Options => new() { ParentDirectory = Parent };

    /// <summary>The daemons' folders there are.</summary>
    internal IReadOnlyList<string> Folders => Directory.GetDirectories(Parent, DaemonFolder.Prefix + "*");

    public void Dispose() => Directory.Delete(Parent, recursive: true);

    internal static string NewNamespace() => "cpst" + Guid.NewGuid().ToString("N")[..8];

    internal static async Task<bool> IsServingAsync(string address, CancellationToken cancellationToken) =>
        (await RunAsync("ctr", ["--address", address, "version"], cancellationToken)).ExitCode == 0;

    internal Task<PrivateDaemon> StartAsync() =>
        PrivateDaemon.StartAsync(Options, IsServingAsync, CancellationToken.None);

    internal Task RunContainerAsync(PrivateDaemon daemon, string @namespace, string id, bool fifosInside = false)
    {
        string[] fifos = fifosInside ? ["--fifo-dir", daemon.FifoDirectory] : [];
        return CtrAsync(
            daemon, @namespace,
            ["run", "--detach", .. fifos, "--rootfs", RootFilesystem, id, "/bin/sh", "-c", "sleep 1000 & exec sleep 2000"]);
    }

    internal static async Task CtrAsync(PrivateDaemon daemon, string @namespace, params string[] arguments)
    {
        var run = await RunAsync("ctr", ["--address", daemon.Address, "--namespace", @namespace, .. arguments]);
        Assert.True(run.ExitCode == 0, run.Output);
    }

    internal static async Task<(int ExitCode, string Output)> RunAsync(
        string program, string[] arguments, CancellationToken cancellationToken = default)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, await output + await errors);
    }

    /// <summary>Everything outside the folder that belongs to the daemon's containers; not empty while they run.</summary>
    internal static List<string> OutsideThings(PrivateDaemon daemon, string @namespace)
    {
        var bundles = ContainerBundle.ReadAll(daemon.StateDirectory);
        var clientFifos = ProcessTable.ShimsOf(daemon.Address).SelectMany(ProcessTable.OpenTargets)
            .Where(target => target.StartsWith("/run/containerd/fifo/", StringComparison.Ordinal)).ToList();
        return bundles.SelectMany(bundle => bundle.Sockets)
            .Concat(clientFifos)
            .Concat(clientFifos.Select(fifo => Path.GetDirectoryName(fifo)!))
            .Append("/run/containerd/runc/" + @namespace)
            .Concat(Directory.GetDirectories("/sys/fs/cgroup").Append("/sys/fs/cgroup").Select(tree => $"{tree}/{@namespace}"))
            .Distinct().Where(Path.Exists).ToList();
    }

    /// <summary>The container processes and shims of a daemon, and itself.</summary>
    internal static List<int> Processes(PrivateDaemon daemon)
    {
        var shims = ProcessTable.ShimsOf(daemon.Address);
        return [daemon.ProcessId, .. shims, .. ProcessTable.DescendantsOf(shims)];
    }

    /// <summary>What is still there of a daemon; empty when it has gone without a trace.</summary>
    internal static List<string> Remains(PrivateDaemon daemon, IEnumerable<string> outside, IEnumerable<int> processes)
    {
        var remains = outside.Where(Path.Exists).ToList();
        remains.AddRange(processes.Where(ProcessTable.IsAlive).Select(id => $"process {id}"));
        remains.AddRange(Directory.GetDirectories("/proc").Where(folder => Names(folder + "/cmdline", daemon.BaseDirectory)));
        remains.AddRange(File.ReadAllLines("/proc/self/mountinfo").Where(line => line.Contains(daemon.BaseDirectory)));
        if (Directory.Exists(daemon.BaseDirectory))
        {
            remains.Add(daemon.BaseDirectory);
            remains.AddRange(Directory.GetFileSystemEntries(daemon.BaseDirectory));
        }

        return remains;
    }

    private static bool Names(string file, string text)
    {
        try
        {
            return File.ReadAllText(file).Contains(text);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
