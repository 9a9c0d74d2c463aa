using ContainerdPS.Services;

namespace ContainerdPS.Processes;

/// <summary>Sends signals; that a process has ended already is said as that.</summary>
internal static class ProcessSignal
{
    public static async Task SendAsync(NamespaceClient client, ProcessAddress address, Signal signal, bool all, CancellationToken cancellationToken)
    {
        try
        {
            await TaskFailures.AskAsync(client, address, () => client.Tasks.KillAsync(address, signal.Number, all, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (TaskFailures.IsOver(e))
        {
            // One that is not there is told as that; one that is there has ended.
            await TaskFailures.AskAsync(client, address, () => client.Tasks.GetAsync(address, cancellationToken), cancellationToken).ConfigureAwait(false);
            throw new ContainerdException(
                ContainerdErrorCode.FailedPrecondition,
                $"{address.AtStart} in namespace '{client.Namespace}' on '{client.Session.Address}' has ended, so it takes no {signal}.",
                e)
            {
                Reason = address.IsTask ? "TaskStateStopped" : "ProcessStateStopped",
                ObjectKind = address.Kind,
                ObjectId = address.Name,
            };
        }
    }
}
