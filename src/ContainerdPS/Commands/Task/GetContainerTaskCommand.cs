using System.Management.Automation;
using ContainerdPS.Processes;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Get-ContainerTask: gets the tasks of containers: what runs, or ran, in them.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "ContainerTask", DefaultParameterSetName = "Id")]
[OutputType(typeof(ContainerTask))]
public sealed class GetContainerTaskCommand : TaskReadCmdlet
{
    /// <summary>
    /// <para>How many piped objects are read at once.</para>
    /// </summary>
    [Parameter(ParameterSetName = "InputObject")]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 16;

    private protected override int MaxInFlight => ThrottleLimit;

    private protected override Task ProcessObjectAsync(ContainerdObject input, NamespaceClient client, CancellationToken cancellationToken) =>
        StartNamedAsync(input, client, token => TaskQuery.ReadOneAsync(client, TaskSource.IdOf(input), token), WriteObject, cancellationToken);

    private protected override Task ProcessNamedAsync(NamespaceClient client, CancellationToken cancellationToken) =>
        TryAsync(Id is { Length: 1 } ? Id[0] : Id, client, () => ReadAsync(client, cancellationToken), cancellationToken);

    private async Task ReadAsync(NamespaceClient client, CancellationToken cancellationToken)
    {
        if (Id is [var only] && !WildcardPattern.ContainsWildcardCharacters(only))
        {
            await ReadNamedAsync(client, only, cancellationToken);
            return;
        }

        Func<string, bool>? wanted = Id is null ? null : NamePatterns.Any(Id, ignoreCase: false);
        var missing = new HashSet<string>(NamePatterns.Split(Id).Exact, StringComparer.Ordinal);
        foreach (ContainerTask task in await TaskQuery.ReadAllAsync(client, cancellationToken))
        {
            missing.Remove(task.Container);
            if (wanted is null || wanted(task.Container))
            {
                Write(task);
            }
        }

        foreach (string id in missing)
        {
            await ReadNamedAsync(client, id, cancellationToken);
        }
    }

    private async Task ReadNamedAsync(NamespaceClient client, string id, CancellationToken cancellationToken)
    {
        try
        {
            Write(await TaskQuery.ReadOneAsync(client, id, cancellationToken));
        }
        catch (ContainerdException e) when (e.Code == ContainerdErrorCode.NotFound && ReadsMany)
        {
            // Asked of many namespaces, it need not be in each.
        }
        catch (ContainerdException e)
        {
            WriteError(await RecordAsync(e, id, client, cancellationToken));
        }
    }

    private void Write(ContainerTask task)
    {
        if (Status is null || Status.Contains(task.Status))
        {
            WriteObject(task);
        }
    }
}
