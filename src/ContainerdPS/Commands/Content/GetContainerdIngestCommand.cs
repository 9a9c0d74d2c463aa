using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Get-ContainerdIngest: gets the writes into the content store that have not ended: running ones, and what broke off.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "ContainerdIngest", DefaultParameterSetName = "Reference")]
[OutputType(typeof(ContainerdIngest))]
public sealed class GetContainerdIngestCommand : NamespacesReadCmdlet
{
    /// <summary>
    /// <para>The references wanted; wildcards are allowed. Left out, all are given.</para>
    /// </summary>
    [Parameter(Position = 0, ParameterSetName = "Reference", ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(IngestCompleter))]
    public string[]? Reference { get; set; }

    /// <summary>
    /// <para>Writes to read again, each where it came from unless -Session or -Namespace says otherwise.</para>
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "InputObject", ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerdIngest[]? InputObject { get; set; }

    /// <summary>
    /// <para>Filters in containerd's own language, such as 'ref~=layer-.*'; one has to match.</para>
    /// </summary>
    [Parameter(ParameterSetName = "Reference")]
    [ValidateNotNullOrEmpty]
    public string[]? Filter { get; set; }

    /// <summary>
    /// <para>How many named or piped writes are read at once.</para>
    /// </summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 16;

    private protected override int MaxInFlight => ThrottleLimit;

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (ContainerdIngest ingest in InputObject ?? [])
        {
            foreach (NamespaceClient client in await ClientsOfAsync(ingest, cancellationToken))
            {
                await ReadNamedAsync(client, ingest.Reference, ingest, cancellationToken);
            }
        }

        if (InputObject is not null)
        {
            return;
        }

        (string[] exact, string[] patterns, bool lists) = NamePatterns.Split(Reference);
        foreach (NamespaceClient client in await ClientsAsync(cancellationToken))
        {
            foreach (string reference in exact)
            {
                await ReadNamedAsync(client, reference, reference, cancellationToken);
            }

            if (lists)
            {
                await TryAsync(Reference, client, () => ListAsync(client, patterns, cancellationToken), cancellationToken);
            }
        }
    }

    private async Task ListAsync(NamespaceClient client, string[] patterns, CancellationToken cancellationToken)
    {
        Func<string, bool>? wanted = patterns.Length == 0 ? null : NamePatterns.Any(patterns, ignoreCase: false);
        foreach (Wire.ContentV1.Status ingest in (await client.Content.StatusesAsync(Filter ?? [], cancellationToken)).OrderBy(static ingest => ingest.Ref, StringComparer.Ordinal))
        {
            if (wanted is null || wanted(ingest.Ref))
            {
                await WriteInTurnAsync(client.Content.ToModel(ingest), cancellationToken);
            }
        }
    }

    private Task ReadNamedAsync(NamespaceClient client, string reference, object target, CancellationToken cancellationToken) => StartNamedAsync(
        target,
        client,
        async token => client.Content.ToModel(await client.Content.StatusAsync(reference, token).ConfigureAwait(false)),
        WriteObject,
        cancellationToken);
}
