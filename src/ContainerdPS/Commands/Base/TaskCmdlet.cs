using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>The base of cmdlets that do one thing to the tasks of containers, several at a time.</summary>
public abstract class TaskCmdlet : ContainerOperandCmdlet
{
    /// <summary>What a confirmation calls the task.</summary>
    internal static string TaskOf(ContainerReference container, NamespaceClient client) =>
        $"task of container '{container.Id}' in namespace '{client.Namespace}'";

    /// <summary>Asks whether to, then works on one task away from the pipeline's thread, and writes the task as it is then where that is wanted.</summary>
    private protected async Task ChangeAsync(
        ContainerReference container, NamespaceClient client, string action, bool passThru, Func<CancellationToken, Task> change, CancellationToken cancellationToken)
    {
        if (await ShouldProcessAsync(container, client, TaskOf(container, client), action, cancellationToken))
        {
            await StartAsync(
                container.Source,
                client,
                async token =>
                {
                    Identifiers.Validated(ObjectKinds.Container, container.Id);
                    await change(token).ConfigureAwait(false);
                    return passThru ? await Processes.TaskQuery.ReadOneAsync(client, container.Id, token).ConfigureAwait(false) : null;
                },
                WriteWhereGiven,
                cancellationToken);
        }
    }
}
