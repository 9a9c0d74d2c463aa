using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Contents;
using ContainerdPS.Services;
using ContainerdPS.Transformation;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Get-ContainerdContent: gets the blobs of the content store, or what is in them.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "ContainerdContent", DefaultParameterSetName = "Digest")]
[OutputType(typeof(ContainerdContent))]
[OutputType(typeof(string))]
[OutputType(typeof(byte[]))]
public sealed class GetContainerdContentCommand : NamespacesReadCmdlet
{
    /// <summary>
    /// <para>The digests wanted, or parts of them with wildcards: sha256:1f2e* or 1f2e*. Left out, all blobs are given.</para>
    /// </summary>
    [Parameter(Position = 0, ParameterSetName = "Digest", ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ContentCompleter))]
    public string[]? Digest { get; set; }

    /// <summary>
    /// <para>Blobs to read again, or images whose blobs are wanted, from their target down to the layers; each where it came from unless -Session or -Namespace says otherwise.</para>
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "InputObject", ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerdObject[]? InputObject { get; set; }

    /// <summary>
    /// <para>Only blobs with all these labels: @{ 'containerd.io/gc.root' = $null }, 'key=value', or 'key' for any value.</para>
    /// </summary>
    [Parameter(ParameterSetName = "Digest")]
    [LabelTransformation(AllowKeyOnly = true)]
    public Dictionary<string, string?>? Label { get; set; }

    /// <summary>
    /// <para>Filters in containerd's own language, such as 'labels."containerd.io/uncompressed"'; one has to match.</para>
    /// </summary>
    [Parameter(ParameterSetName = "Digest")]
    [ValidateNotNullOrEmpty]
    public string[]? Filter { get; set; }

    /// <summary>
    /// <para>Gives what is in the blob, as one text: of a manifest, an index or a configuration, its JSON.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Raw { get; set; }

    /// <summary>
    /// <para>Gives what is in the blob as bytes, in arrays as they come.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter AsByteStream { get; set; }

    /// <summary>
    /// <para>How many named or piped blobs are read at once.</para>
    /// </summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 16;

    private protected override int MaxInFlight => ThrottleLimit;

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (ContainerdObject input in InputObject ?? [])
        {
            foreach (NamespaceClient client in await ClientsOfAsync(input, cancellationToken))
            {
                await TryAsync(input, client, () => ReadAsync(client, input, cancellationToken), cancellationToken);
            }
        }

        if (InputObject is not null)
        {
            return;
        }

        (string[] exact, string[] patterns, bool lists) = NamePatterns.Split(Digest);
        foreach (NamespaceClient client in await ClientsAsync(cancellationToken))
        {
            foreach (string digest in exact)
            {
                await ReadNamedAsync(client, ContainerdContentReference.WithAlgorithm(digest), null, digest, cancellationToken);
            }

            if (lists)
            {
                await TryAsync(Digest, client, () => ListAsync(client, patterns, cancellationToken), cancellationToken);
            }
        }
    }

    private async Task ReadAsync(NamespaceClient client, ContainerdObject input, CancellationToken cancellationToken)
    {
        switch (input)
        {
            case ContainerdContent blob:
                await ReadNamedAsync(client, blob.Digest, blob.MediaType, blob, cancellationToken);
                break;
            case ContainerImage image:
                await foreach (ContainerdContent blob in ImageBlobs.ReadAsync(client, image.Target, cancellationToken))
                {
                    await WriteAsync(client, blob, cancellationToken);
                }

                break;
            default:
                throw new ContainerdException(
                    ContainerdErrorCode.InvalidArgument,
                    $"A {input.GetType().Name} is not a blob. Pipe blobs or images.") { Reason = "NotContent" };
        }
    }

    private async Task ListAsync(NamespaceClient client, string[] patterns, CancellationToken cancellationToken)
    {
        Func<string, bool>? wanted = patterns.Length == 0 ? null : NamePatterns.Any(patterns, ignoreCase: false);
        string labels = DaemonFilter.Labels(Label ?? []);
        IReadOnlyList<string> filters = labels.Length == 0 ? Filter ?? [] : DaemonFilter.Narrow(Filter ?? [], labels);
        await foreach (Wire.ContentV1.Info blob in client.Content.ListAsync(filters, cancellationToken))
        {
            if (wanted is null || ContentLookup.Matches(wanted, blob.Digest))
            {
                await WriteAsync(client, client.Content.ToModel(blob), cancellationToken);
            }
        }
    }

    private Task ReadNamedAsync(NamespaceClient client, string digest, string? mediaType, object target, CancellationToken cancellationToken)
    {
        if (AsByteStream)
        {
            return TryAsync(
                target, client, async () => await WriteAsync(client, await ContentLookup.GetAsync(client, digest, mediaType, cancellationToken), cancellationToken), cancellationToken);
        }

        return StartNamedAsync<object>(
            target,
            client,
            async token =>
            {
                ContainerdContent blob = await ContentLookup.GetAsync(client, digest, mediaType, token).ConfigureAwait(false);
                return Raw ? await ContentText.ReadAsync(client, blob, token).ConfigureAwait(false) : blob;
            },
            WriteObject,
            cancellationToken);
    }

    private async Task WriteAsync(NamespaceClient client, ContainerdContent blob, CancellationToken cancellationToken)
    {
        if (AsByteStream)
        {
            await foreach (ReadOnlyMemory<byte> chunk in client.Content.ReadAsync(blob.Digest, cancellationToken))
            {
                WriteObject(chunk.ToArray());
            }
        }
        else if (Raw)
        {
            await TryAsync(blob, client, async () => WriteObject(await ContentText.ReadAsync(client, blob, cancellationToken)), cancellationToken);
        }
        else
        {
            await WriteInTurnAsync(blob, cancellationToken);
        }
    }
}
