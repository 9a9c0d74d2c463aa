using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Processes;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Get-ContainerTask: gets the tasks of containers: what runs, or ran, in them.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "ContainerTask", DefaultParameterSetName = "Id")]
[OutputType(typeof(ContainerTask))]
public sealed class GetContainerTaskCommand : NamespacesReadCmdlet
{
    /// <summary>
    /// <para>The ids of the containers; wildcards are allowed. Left out, all tasks are given.</para>
    /// </summary>
    [Parameter(Position = 0, ParameterSetName = "Id", ValueFromPipeline = true)]
    [Alias("Container")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    public string[]? Id { get; set; }

    /// <summary>
    /// <para>Containers whose tasks are wanted, or tasks and processes to read again, each where it came from unless -Session or -Namespace says otherwise.</para>
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "InputObject", ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerdObject[]? InputObject { get; set; }

    /// <summary>
    /// <para>Only tasks in these states.</para>
    /// </summary>
    [Parameter(ParameterSetName = "Id")]
    public ContainerStatus[]? Status { get; set; }

    /// <summary>
    /// <para>How many piped objects are read at once.</para>
    /// </summary>
    [Parameter(ParameterSetName = "InputObject")]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 16;

    private protected override int MaxInFlight => ThrottleLimit;

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (ContainerdObject input in InputObject ?? [])
        {
            foreach (NamespaceClient client in await ClientsOfAsync(input, cancellationToken))
            {
                await StartNamedAsync(input, client, token => TaskQuery.ReadOneAsync(client, TaskSource.IdOf(input), token), WriteObject, cancellationToken);
            }
        }

        if (InputObject is null)
        {
            foreach (NamespaceClient client in await ClientsAsync(cancellationToken))
            {
                await TryAsync(Id is { Length: 1 } ? Id[0] : Id, client, () => ReadAsync(client, cancellationToken), cancellationToken);
            }
        }
    }

    private async Task ReadAsync(NamespaceClient client, CancellationToken cancellationToken)
    {
        if (Id is [var only] && !WildcardPattern.ContainsWildcardCharacters(only))
        {
            await ReadNamedAsync(client, only, cancellationToken);
            return;
        }

        Func<string, bool>? wanted = Id is null ? null : NamePatterns.Any(Id, ignoreCase: false);
        var missing = new HashSet<string>(Id?.Where(static id => !WildcardPattern.ContainsWildcardCharacters(id)) ?? [], StringComparer.Ordinal);
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
