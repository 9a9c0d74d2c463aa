using ContainerdPS.Services;
using ContainerdPS.Wire.TasksV1;

namespace ContainerdPS.Processes;

/// <summary>Waits for the end of a process, with or without a limit.</summary>
internal static class ProcessWait
{
    public static async Task<ContainerExitStatus> WaitAsync(NamespaceClient client, ProcessAddress address, TimeSpan? limit, CancellationToken cancellationToken)
    {
        Identifiers.Validated(ObjectKinds.Container, address.Container);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (limit is { } time)
        {
            waiting.CancelAfter(time);
        }

        try
        {
            WaitResponse end = await TaskFailures.AskAsync(client, address, () => ProcessExit.WaitAsync(client, address, waiting.Token), cancellationToken).ConfigureAwait(false);
            return Mapping.ProcessMapping.ToExitStatus(client, address, end.ExitStatus, end.ExitedAt);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ContainerdException(
                ContainerdErrorCode.DeadlineExceeded,
                $"{address.AtStart} in namespace '{client.Namespace}' on '{client.Session.Address}' has not ended within {limit!.Value.TotalSeconds:0.###} s. It goes on.")
            {
                Reason = "WaitTimeout",
                ObjectKind = address.Kind,
                ObjectId = address.Name,
            };
        }
    }
}
