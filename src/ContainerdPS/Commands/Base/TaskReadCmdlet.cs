using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>The base of cmdlets that read tasks, named by their containers in one or many namespaces, or piped as objects.</summary>
public abstract class TaskReadCmdlet : NamespacesReadCmdlet
{
    /// <summary>
    /// <para>The ids of the containers; wildcards are allowed. Left out, all tasks are meant.</para>
    /// </summary>
    [Parameter(Position = 0, ParameterSetName = "Id", ValueFromPipeline = true)]
    [Alias("Container")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    public string[]? Id { get; set; }

    /// <summary>
    /// <para>Containers whose tasks are meant, or what was read of them before: tasks, processes, measurements. Each is looked for where it came from, unless -Session or -Namespace says otherwise.</para>
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "InputObject", ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerdObject[]? InputObject { get; set; }

    /// <summary>
    /// <para>Only tasks in these states.</para>
    /// </summary>
    [Parameter(ParameterSetName = "Id")]
    public ContainerStatus[]? Status { get; set; }

    private protected sealed override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (ContainerdObject input in InputObject ?? [])
        {
            foreach (NamespaceClient client in await ClientsOfAsync(input, cancellationToken))
            {
                await ProcessObjectAsync(input, client, cancellationToken);
            }
        }

        if (InputObject is null)
        {
            foreach (NamespaceClient client in await ClientsAsync(cancellationToken))
            {
                await ProcessNamedAsync(client, cancellationToken);
            }
        }
    }

    /// <summary>Works on the task that an object is about, in one namespace.</summary>
    private protected abstract Task ProcessObjectAsync(ContainerdObject input, NamespaceClient client, CancellationToken cancellationToken);

    /// <summary>Works on the tasks of one namespace that are named, or on all.</summary>
    private protected abstract Task ProcessNamedAsync(NamespaceClient client, CancellationToken cancellationToken);
}
