using ContainerdPS.Daemons;
using ContainerdPS.Mounts;
using ContainerdPS.Tests.Support;
using Xunit;

namespace ContainerdPS.Tests.Daemons;

[Collection("private daemons")]
public sealed class PrivateDaemonStartTests(DaemonBench bench) : IClassFixture<DaemonBench>
{
    [Fact]
    public void Elsewhere_than_on_Linux_the_error_says_so()
    {
        var failure = Assert.Throws<ContainerdException>(() => PrivateDaemon.RequirePlatformAndRights(isLinux: false, isRoot: true));
        Assert.Equal(ContainerdErrorCode.Unimplemented, failure.Code);
    }

    [Fact]
    public void Without_root_the_error_says_why_and_what_to_do()
    {
        var failure = Assert.Throws<ContainerdException>(() => PrivateDaemon.RequirePlatformAndRights(isLinux: true, isRoot: false));
        Assert.Equal(ContainerdErrorCode.PermissionDenied, failure.Code);
        Assert.Contains("sudo", failure.Message);
    }

    [NeedsContainerdFact]
    public async Task A_missing_binary_is_named()
    {
        var failure = await FailAsync(bench.Options with { BinaryPath = "/nowhere/containerd" });
        Assert.Equal(ContainerdErrorCode.NotFound, failure.Code);
        Assert.Contains("/nowhere/containerd", failure.Message);

        failure = await FailAsync(bench.Options with { RuntimePath = "/nowhere/runc" });
        Assert.Equal(ContainerdErrorCode.NotFound, failure.Code);
        Assert.Contains("Install runc", failure.Message);
    }

    [NeedsContainerdFact]
    public async Task A_missing_or_too_deep_folder_is_named()
    {
        var failure = await FailAsync(bench.Options with { ParentDirectory = bench.Parent + "/none" });
        Assert.Equal(ContainerdErrorCode.NotFound, failure.Code);

        var deep = Directory.CreateDirectory(Path.Combine(bench.Parent, new string('d', 80))).FullName;
        failure = await FailAsync(bench.Options with { ParentDirectory = deep });
        Assert.Equal(ContainerdErrorCode.InvalidArgument, failure.Code);
        Assert.Contains("107", failure.Message);

        var awkward = Directory.CreateDirectory(Path.Combine(bench.Parent, "a&b")).FullName;
        failure = await FailAsync(bench.Options with { ParentDirectory = awkward });
        Assert.Equal(ContainerdErrorCode.InvalidArgument, failure.Code);
    }

    [NeedsContainerdFact]
    public async Task A_daemon_that_ends_at_once_is_explained_by_its_log()
    {
        var failure = await FailAsync(bench.Options with { ConfigText = "[grpc]\n  uid = \"not a number\"\n" });
        Assert.Equal(ContainerdErrorCode.FailedPrecondition, failure.Code);
        Assert.Contains("exit code 1", failure.Message);
        Assert.Contains("containerd: ", failure.Message);
    }

    [NeedsContainerdFact]
    public async Task A_daemon_that_never_serves_is_given_up_in_time_and_its_folder_kept_on_request()
    {
        var options = bench.Options with { StartTimeout = TimeSpan.FromSeconds(1), KeepOnFailure = true };
        var failure = await Assert.ThrowsAsync<ContainerdException>(
            () => PrivateDaemon.StartAsync(options, (_, _) => throw new InvalidOperationException("no answer"), default));

        Assert.Equal(ContainerdErrorCode.DeadlineExceeded, failure.Code);
        Assert.Contains("serving...", failure.Message);
        var kept = Assert.Single(bench.Folders);
        Assert.Contains(kept, failure.Message);
        Directory.Delete(kept, recursive: true);
    }

    [NeedsContainerdFact]
    public async Task A_cancelled_start_leaves_nothing()
    {
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PrivateDaemon.StartAsync(
            bench.Options,
            async (_, token) =>
            {
                await cancel.CancelAsync();
                token.ThrowIfCancellationRequested();
                return true;
            },
            cancel.Token));

        Assert.Empty(bench.Folders);
        Assert.Empty(PrivateDaemons.All);
    }

    [NeedsContainerdFact]
    public async Task Further_configuration_variables_and_the_runtime_are_used()
    {
        var options = bench.Options with
        {
            ConfigText = "[debug]\n  level = \"debug\"\n",
            RuntimePath = DaemonBench.Runtime,
            EnvironmentVariables = new Dictionary<string, string?> { ["CPST_GIVEN"] = "here", ["HOME"] = null },
        };
        await using var daemon = await PrivateDaemon.StartAsync(options, DaemonBench.IsServingAsync, default);

        var environment = (await File.ReadAllTextAsync($"/proc/{daemon.ProcessId}/environ")).Split('\0');
        Assert.Contains("CPST_GIVEN=here", environment);
        Assert.DoesNotContain(environment, variable => variable.StartsWith("HOME=", StringComparison.Ordinal));
        Assert.Contains(environment, variable => variable.StartsWith($"PATH={daemon.BaseDirectory}/bin:", StringComparison.Ordinal));
        Assert.True(File.Exists(daemon.BaseDirectory + "/bin/runc"));
    }

    [Theory]
    [InlineData("/plain", "/plain")]
    [InlineData(@"/a\040b\011c\134d", "/a b\tc\\d")]
    public void Mount_points_are_unescaped(string written, string meant) => Assert.Equal(meant, MountTable.Unescape(written));

    private async Task<ContainerdException> FailAsync(PrivateDaemonOptions options)
    {
        var failure = await Assert.ThrowsAsync<ContainerdException>(
            () => PrivateDaemon.StartAsync(options, DaemonBench.IsServingAsync, CancellationToken.None));
        Assert.Empty(bench.Folders);
        Assert.Empty(PrivateDaemons.All);
        return failure;
    }
}
