using Grpc.Core;

namespace ContainerdPS.Services;

/// <summary>
/// The services of a daemon as seen from one namespace, and under one lease where it has one. It is cheap: services
/// are made when first used.
/// </summary>
internal sealed class NamespaceClient
{
    private readonly CallInvoker invoker;
    private ContainersClient? containers;
    private ContentClient? content;
    private DiffClient? diff;
    private ImagesClient? images;
    private IntrospectionClient? introspection;
    private LeasesClient? leases;
    private NamespacesClient? namespaces;
    private SnapshotsClient? snapshots;
    private TasksClient? tasks;
    private TransferClient? transfer;
    private VersionClient? version;

    public NamespaceClient(ContainerdSession session, string @namespace, string? lease = null)
    {
        Session = session;
        Namespace = @namespace;
        Lease = lease;
        if (session.State == ContainerdSessionState.Closed)
        {
            throw new ContainerdException(
                ContainerdErrorCode.FailedPrecondition,
                $"The session {session.Id} to '{session.Address}' is closed. Open another with Connect-Containerd, or leave -Session out to use the default.") { Reason = "SessionClosed" };
        }

        invoker = ((ContainerdClient)session.Connection).Invoker(@namespace, lease);
    }

    public ContainerdSession Session { get; }

    public string Namespace { get; }

    public string? Lease { get; }

    /// <summary>Who tells the user that the daemon is away; null where nobody looks on.</summary>
    public DaemonNotices? Notices { get; init; }

    public ContainersClient Containers => containers ??= new ContainersClient(this, invoker);

    public ContentClient Content => content ??= new ContentClient(this, invoker);

    public DiffClient Diff => diff ??= new DiffClient(invoker);

    public ImagesClient Images => images ??= new ImagesClient(this, invoker);

    public IntrospectionClient Introspection => introspection ??= new IntrospectionClient(invoker);

    public LeasesClient Leases => leases ??= new LeasesClient(invoker);

    public NamespacesClient Namespaces => namespaces ??= new NamespacesClient(invoker);

    public SnapshotsClient Snapshots => snapshots ??= new SnapshotsClient(invoker);

    public TasksClient Tasks => tasks ??= new TasksClient(invoker);

    public TransferClient Transfer => transfer ??= new TransferClient(invoker);

    public VersionClient Version => version ??= new VersionClient(invoker);

    /// <summary>Opens a stream for a transfer to refer to.</summary>
    public Task<DaemonStream> OpenStreamAsync(string purpose, CancellationToken cancellationToken) => DaemonStream.OpenAsync(invoker, purpose, cancellationToken);

    public NamespaceClient WithLease(string lease) => new(Session, Namespace, lease) { Notices = Notices };

    public NamespaceClient InNamespace(string other) => other == Namespace ? this : new NamespaceClient(Session, other) { Notices = Notices };

    /// <summary>Makes sure that the lease is there, where it has one, before anything is made under it.</summary>
    public Task RequireLeaseAsync(CancellationToken cancellationToken) => Lease is null ? Task.CompletedTask : Leases.RequireAsync(Lease, cancellationToken);
}
