using System.Security.Cryptography;
using ContainerdPS.Oci;
using ContainerdPS.Services;
using ContainerdPS.TaskIO;
using ContainerdPS.Wire.TasksV1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ContainerdPS.Processes;

/// <summary>Adds a process to a running task; it waits to be started.</summary>
internal static class ExecCreation
{
    /// <summary>The bare name OCI types go by.</summary>
    private const string ProcessType = "types.containerd.io/opencontainers/runtime-spec/1/Process";

    /// <summary>An id of our own making, which nobody else takes.</summary>
    public static string NewId() => $"exec-{Convert.ToHexString(RandomNumberGenerator.GetBytes(8)).ToLowerInvariant()}";

    public static async Task CreateAsync(
        NamespaceClient client, ProcessAddress address, SpecProcess process, TaskStdio stdio, CancellationToken cancellationToken)
    {
        var request = new ExecProcessRequest
        {
            ContainerId = address.Container,
            ExecId = address.Exec,
            Stdin = stdio.Stdin,
            Stdout = stdio.Stdout,
            Stderr = stdio.Stderr,
            Terminal = stdio.Terminal,
            Spec = new Any { TypeUrl = ProcessType, Value = ByteString.CopyFrom(SpecJson.SerializeProcess(process)) },
        };
        try
        {
            await TaskFailures.AskAsync(client, address, () => client.Tasks.ExecAsync(request, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The daemon may have added it before the cancellation reached it.
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
            await ProcessEnd.ForceAsync(client, address, limit.Token).ConfigureAwait(false);
            throw;
        }
    }
}
