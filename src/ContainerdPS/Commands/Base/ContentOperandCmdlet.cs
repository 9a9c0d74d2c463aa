using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Contents;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>The base of cmdlets that work on blobs given by digest or piped as objects, several at a time.</summary>
public abstract class ContentOperandCmdlet : NamespaceCmdlet
{
    /// <summary>
    /// <para>The blobs, by digest (the beginning of it will do) or as objects from Get-ContainerdContent; of an image, the blob its name refers to.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Digest")]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ContentCompleter))]
    public virtual ContainerdContentReference[] Content { get; set; } = [];

    /// <summary>
    /// <para>How many blobs are worked on at once. Results keep the order of the input.</para>
    /// </summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 16;

    private protected override int MaxInFlight => ThrottleLimit;

    private protected sealed override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (ContainerdContentReference content in Operands())
        {
            foreach (NamespaceClient client in ClientsOf(content))
            {
                ContainerdContentReference whole;
                try
                {
                    whole = content.Resolved(await ContentLookup.ResolveAsync(client, content.Digest, cancellationToken));
                }
                catch (Exception e) when (IsFailure(e))
                {
                    // In its turn, after what was begun before.
                    ErrorRecord record = await RecordAsync(e, content.Source, client, cancellationToken);
                    await StartAsync(_ => Task.FromResult<Action?>(() => WriteError(record)), cancellationToken);
                    continue;
                }

                await ProcessContentAsync(whole, client, cancellationToken);
            }
        }
    }

    /// <summary>The blobs to work on.</summary>
    private protected virtual ContainerdContentReference[] Operands() => Content;

    /// <summary>What a confirmation calls the blob.</summary>
    private protected static string BlobOf(ContainerdContentReference content, NamespaceClient client) => $"blob '{content.Digest}' in namespace '{client.Namespace}'";

    /// <summary>Asks whether to, and with -WhatIf whether the blob is there.</summary>
    private protected Task<bool> ShouldProcessAsync(
        ContainerdContentReference content, NamespaceClient client, string target, string action, CancellationToken cancellationToken) => ShouldProcessAsync(
            target, action, content.Source, client, () => client.Content.GetAsync(content.Digest, cancellationToken), cancellationToken);

    /// <summary>Works on one blob; what takes time is started with StartAsync.</summary>
    private protected abstract Task ProcessContentAsync(ContainerdContentReference content, NamespaceClient client, CancellationToken cancellationToken);
}
