using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Pipeline;
using ContainerdPS.Services;
using ContainerdPS.Transformation;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Get-Container: gets containers, each with the state of its task.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "Container", DefaultParameterSetName = "Id")]
[OutputType(typeof(Container))]
public sealed class GetContainerCommand : NamespacesReadCmdlet
{
    /// <summary>
    /// <para>The ids wanted; wildcards are allowed. Left out, all are given.</para>
    /// </summary>
    [Parameter(Position = 0, ParameterSetName = "Id", ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    public string[]? Id { get; set; }

    /// <summary>
    /// <para>Containers to read again, each where it came from unless -Session or -Namespace says otherwise.</para>
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "InputObject", ValueFromPipeline = true)]
    [ValidateNotNull]
    public Container[]? InputObject { get; set; }

    /// <summary>
    /// <para>Only containers of these images; wildcards and short names (busybox) are allowed.</para>
    /// </summary>
    [Parameter(ParameterSetName = "Id")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public string[]? Image { get; set; }

    /// <summary>
    /// <para>Only containers with all these labels: @{ app = 'web' }, 'app=web', or 'app' for any value.</para>
    /// </summary>
    [Parameter(ParameterSetName = "Id")]
    [LabelTransformation(AllowKeyOnly = true)]
    [ArgumentCompleter(typeof(ContainerLabelPairCompleter))]
    public Dictionary<string, string?>? Label { get; set; }

    /// <summary>
    /// <para>Only containers in these states.</para>
    /// </summary>
    [Parameter(ParameterSetName = "Id")]
    public ContainerStatus[]? Status { get; set; }

    /// <summary>
    /// <para>Filters in containerd's own language, such as 'runtime.name==io.containerd.runc.v2'; one has to match.</para>
    /// </summary>
    [Parameter(ParameterSetName = "Id")]
    [ValidateNotNullOrEmpty]
    public string[]? Filter { get; set; }

    /// <summary>
    /// <para>How many piped containers are read at once.</para>
    /// </summary>
    [Parameter(ParameterSetName = "InputObject")]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 16;

    private protected override int MaxInFlight => ThrottleLimit;

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        if (InputObject is not null)
        {
            foreach (Container container in InputObject)
            {
                foreach (NamespaceClient client in await ClientsOfAsync(container, cancellationToken))
                {
                    await StartNamedAsync(container, client, token => ContainerQuery.ReadOneAsync(client, container.Id, token), WriteObject, cancellationToken);
                }
            }

            return;
        }

        foreach (NamespaceClient client in await ClientsAsync(cancellationToken))
        {
            await TryAsync((Filter ?? Id) is [var only] ? only : Filter ?? Id, client, () => ReadAsync(client, cancellationToken), cancellationToken);
        }
    }

    private async Task ReadAsync(NamespaceClient client, CancellationToken cancellationToken)
    {
        (string[] exact, _, _) = NamePatterns.Split(Id);
        if (exact.Length == 1 && Id!.Length == 1 && Image is null && Label is null && Status is null && Filter is null)
        {
            await ReadNamedAsync(client, exact[0], cancellationToken);
            return;
        }

        Func<string, bool>? wanted = Id is null ? null : NamePatterns.Any(Id, ignoreCase: false);
        var missing = new HashSet<string>(exact, StringComparer.Ordinal);
        var query = new ContainerQuery
        {
            Filters = Filter ?? [],
            Labels = Label ?? [],
            Statuses = Status ?? [],
            Image = Image is null ? null : NamePatterns.AnyImage(Image),
            Id = wanted is null ? null : id =>
            {
                missing.Remove(id);
                return wanted(id);
            },
        };
        await foreach (Container container in query.ReadAsync(client, cancellationToken))
        {
            WriteObject(container);
        }

        // With a filter beside it, an id that is not given may well exist: it only does not match.
        if (Image is null && Label is null && Status is null && Filter is null)
        {
            foreach (string id in missing)
            {
                await ReadNamedAsync(client, id, cancellationToken);
            }
        }
    }

    private async Task ReadNamedAsync(NamespaceClient client, string id, CancellationToken cancellationToken)
    {
        try
        {
            WriteObject(await ContainerQuery.ReadOneAsync(client, Identifiers.Validated(ObjectKinds.Container, id), cancellationToken));
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
}
