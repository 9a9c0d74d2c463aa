using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Contents;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;
using ContainerdPS.Transformation;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Import-ContainerdContent: puts files, or bytes at hand, into the content store as blobs, and can go on with what broke off.</para>
/// </summary>
[Cmdlet(VerbsData.Import, "ContainerdContent", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerdContent))]
public sealed class ImportContainerdContentCommand : NamespaceCmdlet
{
    private readonly TransferProgress progress = new();

    /// <summary>
    /// <para>The files; wildcards are allowed.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Path", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>
    /// <para>The files by paths that are taken as they are: [ and * stand for themselves. Files piped from Get-Item and Get-ChildItem are taken so.</para>
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath", ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>
    /// <para>What becomes the blob: bytes as they are, or text, which becomes its bytes in UTF-8.</para>
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "Value")]
    [BytesTransformation]
    [AllowEmptyCollection]
    public byte[]? Value { get; set; }

    /// <summary>
    /// <para>The digest the blob must have. What has another is not imported.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Digest { get; set; }

    /// <summary>
    /// <para>Labels of the blob; they are added to those of a blob that is there already. Those of the garbage collection (containerd.io/gc.ref.content.NAME) tie other blobs to it.</para>
    /// </summary>
    [Parameter]
    [LabelTransformation]
    public Dictionary<string, string?>? Label { get; set; }

    /// <summary>
    /// <para>The lease to write under, by id or as an object: the blob stays while the lease does. Left out, the label containerd.io/gc.root makes it stay until it is removed.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(LeaseCompleter))]
    public ContainerdLeaseReference? Lease { get; set; }

    /// <summary>
    /// <para>A name for the write, for one file. What was written stays under it for a day when the command is stopped or breaks off, and the same command goes on with it.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(IngestCompleter))]
    public string? Reference { get; set; }

    /// <summary>
    /// <para>With -Reference: begins anew, whatever was written under that name.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Restart { get; set; }

    /// <summary>
    /// <para>How many files are imported at once. Results keep the order of the input.</para>
    /// </summary>
    [Parameter(ParameterSetName = "Path")]
    [Parameter(ParameterSetName = "LiteralPath")]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 4;

    // Two writes of one name, or of one digest, are one after the other.
    private protected override int MaxInFlight => Reference is null && Digest is null ? ThrottleLimit : 1;

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        if (Value is not null)
        {
            await ImportAsync(ContentSource.OfBytes(Value), null, cancellationToken);
        }

        foreach (string given in Path)
        {
            foreach (string path in ShellPath.Files(this, given))
            {
                await ImportAsync(ContentSource.OfFile(path), given, cancellationToken);
            }
        }

        foreach (string given in LiteralPath)
        {
            await ImportAsync(ContentSource.OfFile(ShellPath.File(this, given)), given, cancellationToken);
        }
    }

    private protected override Task EndAsync(CancellationToken cancellationToken) => ShowAsync(progress.Ended, 0, "Importing content", progress.Look);

    private async Task ImportAsync(ContentSource source, object? target, CancellationToken cancellationToken)
    {
        foreach (NamespaceClient found in ClientsOf(Lease))
        {
            NamespaceClient client = Lease is null ? found : found.WithLease(Lease.Id);
            if (!await ShouldProcessAsync(
                $"{source.Name} into namespace '{found.Namespace}'", "import content", target, client, () => RequireAsync(client, source, cancellationToken), cancellationToken))
            {
                continue;
            }

            Task started = StartAsync(target, client, progress.Follow((report, token) => ImportAsync(client, source, report, token)), WriteObject, cancellationToken);
            await ShowAsync(started, 0, "Importing content", progress.Look);
            await started;
        }
    }

    private static async Task RequireAsync(NamespaceClient client, ContentSource source, CancellationToken cancellationToken)
    {
        await client.RequireLeaseAsync(cancellationToken);
        source.Require();
    }

    private async Task<ContainerdContent> ImportAsync(NamespaceClient client, ContentSource source, Action<long, long?> report, CancellationToken cancellationToken)
    {
        string? digest = Digest is null ? null : Identifiers.ValidatedDigest(ContainerdContentReference.WithAlgorithm(Digest));
        if (digest?.StartsWith("sha512:", StringComparison.Ordinal) == true)
        {
            throw new ContainerdException(
                ContainerdErrorCode.InvalidArgument, $"'{digest}' cannot be imported: containerd keeps its content by sha256 digests.") { Reason = "InvalidDigest", ObjectKind = ObjectKinds.Blob, ObjectId = digest };
        }

        IReadOnlyDictionary<string, string> labels = GcLabel.Kept(Identifiers.ValidatedLabels(Label), client.Lease);
        await client.RequireLeaseAsync(cancellationToken).ConfigureAwait(false);
        var request = new ContentImportRequest { Source = source, Digest = digest, Labels = labels, Reference = Reference, Restart = Restart, Progress = report };
        return await ContentImport.RunAsync(client, request, cancellationToken).ConfigureAwait(false);
    }
}
