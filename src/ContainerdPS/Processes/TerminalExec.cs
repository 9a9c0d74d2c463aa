using ContainerdPS.Oci;
using ContainerdPS.Services;
using ContainerdPS.TaskIO;
using ContainerdPS.Terminal;

namespace ContainerdPS.Processes;

/// <summary>Executes a command on a terminal of its own that can be entered and left.</summary>
internal static class TerminalExec
{
    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromSeconds(15);

    /// <summary>Starts the command; when that fails, no process and no fifo is left.</summary>
    /// <param name="client">Where the container is.</param>
    /// <param name="container">The container's id.</param>
    /// <param name="request">What to execute.</param>
    /// <param name="size">The size of the terminal; null leaves it to the runtime.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Its address and its command line.</returns>
    public static async Task<(ProcessAddress Address, string Command)> StartAsync(NamespaceClient client, string container, ExecRequest request, WindowSize? size, CancellationToken cancellationToken)
    {
        (SpecProcess process, _) = await ExecSpec.BuildAsync(client, container, request, cancellationToken).ConfigureAwait(false);
        var address = new ProcessAddress(container, Identifiers.Validated(ObjectKinds.Process, request.Id ?? ExecCreation.NewId()));
        try
        {
            await StartAsync(client, address, process, size, cancellationToken).ConfigureAwait(false);
            return (address, process.ToString());
        }
        catch (ContainerdException e) when (e.Reason == "CommandNotFound" && request.Command.Count == 0)
        {
            throw new ContainerdException(
                ContainerdErrorCode.NotFound,
                $"The container '{container}' in namespace '{client.Namespace}' on '{client.Session.Address}' has no shell '{process.Args![0]}'. -Command names another program to start in it.",
                e) { Reason = "ShellNotFound" };
        }
    }

    private static async Task StartAsync(NamespaceClient client, ProcessAddress address, SpecProcess process, WindowSize? size, CancellationToken cancellationToken)
    {
        process.ConsoleSize = size is { } known ? new SpecConsoleSize { Width = (uint)known.Columns, Height = (uint)known.Rows } : null;
        FifoSet fifos = LastingFifos.Create(client, address, terminal: true);
        bool created = false;
        try
        {
            await ExecCreation.CreateAsync(client, address, process, TaskStdio.FromFifos(fifos), cancellationToken).ConfigureAwait(false);
            created = true;
            await TaskFailures.AskAsync(client, address, () => client.Tasks.StartAsync(address, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            if (created)
            {
                await EndAsync(client, address).ConfigureAwait(false);
            }

            KeptOutput.Remove(fifos);
            throw;
        }
    }

    /// <summary>Kills the process and removes what is left of it. It does not throw: there is a reason to tell already.</summary>
    public static async Task EndAsync(NamespaceClient client, ProcessAddress address)
    {
        using var limit = new CancellationTokenSource(CleanUpLimit);
        try
        {
            await ProcessEnd.ForceAsync(client, address, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ContainerdException or OperationCanceledException)
        {
            // The daemon is gone.
        }
    }
}
