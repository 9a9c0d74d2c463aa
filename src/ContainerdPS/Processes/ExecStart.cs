using ContainerdPS.Oci;
using ContainerdPS.Services;
using ContainerdPS.TaskIO;

namespace ContainerdPS.Processes;

/// <summary>Executes a command in a running container that nobody is attached to.</summary>
internal static class ExecStart
{
    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromSeconds(15);

    public static async Task<ContainerProcess> StartAsync(
        NamespaceClient client, string container, ExecRequest request, string? logPath, CancellationToken cancellationToken)
    {
        if (request.Terminal && logPath is null)
        {
            (ProcessAddress entered, string command) = await TerminalExec.StartAsync(client, container, request, size: null, cancellationToken).ConfigureAwait(false);
            return await TaskQuery.ReadProcessAsync(client, entered, cancellationToken, command).ConfigureAwait(false);
        }

        (SpecProcess process, _) = await ExecSpec.BuildAsync(client, container, request, cancellationToken).ConfigureAwait(false);
        var address = new ProcessAddress(container, Identifiers.Validated(ObjectKinds.Process, request.Id ?? ExecCreation.NewId()));
        await ExecCreation.CreateAsync(
            client, address, process, logPath is null ? TaskStdio.Null() : TaskStdio.LogFile(logPath, request.Terminal), cancellationToken).ConfigureAwait(false);
        try
        {
            await TaskFailures.AskAsync(client, address, () => client.Tasks.StartAsync(address, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            using var limit = new CancellationTokenSource(CleanUpLimit);
            try
            {
                await ProcessEnd.ForceAsync(client, address, limit.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is ContainerdException or OperationCanceledException)
            {
                // Why it did not start is what must be told.
            }

            throw;
        }

        return await TaskQuery.ReadProcessAsync(client, address, cancellationToken, process.ToString()).ConfigureAwait(false);
    }
}
