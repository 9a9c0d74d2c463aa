using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Services;
using ContainerdPS.Snapshots;
using ContainerdPS.Transformation;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Get-ContainerSnapshot: gets snapshots: the layers of images and the root filesystems of containers.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "ContainerSnapshot", DefaultParameterSetName = "Key")]
[OutputType(typeof(ContainerSnapshot))]
public sealed class GetContainerSnapshotCommand : NamespacesReadCmdlet
{
    private readonly SnapshotterDefaults defaults = new();

    /// <summary>
    /// <para>The keys wanted; wildcards are allowed. Left out, all snapshots of the snapshotter are given.</para>
    /// </summary>
    [Parameter(Position = 0, ParameterSetName = "Key", ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SnapshotCompleter))]
    public string[]? Key { get; set; }

    /// <summary>
    /// <para>Snapshots to read again, containers whose root filesystems are wanted, or images whose top layers are, each where it came from unless -Session or -Namespace says otherwise.</para>
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "InputObject", ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerdObject[]? InputObject { get; set; }

    /// <summary>
    /// <para>The snapshotters to read; wildcards are allowed, * reads all that work. For piped objects it is one, by its name. Left out, a piped object's own is read, else the namespace's.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SnapshotterCompleter))]
    public string[]? Snapshotter { get; set; }

    /// <summary>
    /// <para>Only snapshots of these kinds.</para>
    /// </summary>
    [Parameter]
    public ContainerSnapshotKind[]? Kind { get; set; }

    /// <summary>
    /// <para>Only snapshots with all these labels: @{ 'containerd.io/gc.root' = $null }, 'key=value', or 'key' for any value.</para>
    /// </summary>
    [Parameter(ParameterSetName = "Key")]
    [LabelTransformation(AllowKeyOnly = true)]
    public Dictionary<string, string?>? Label { get; set; }

    /// <summary>
    /// <para>Filters in containerd's own language, such as 'kind==active' or 'parent==KEY'; one has to match.</para>
    /// </summary>
    [Parameter(ParameterSetName = "Key")]
    [ValidateNotNullOrEmpty]
    public string[]? Filter { get; set; }

    /// <summary>
    /// <para>Gives each snapshot with all that lie on it, as a tree: those below another follow it, and Depth tells how far.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Tree { get; set; }

    /// <summary>
    /// <para>Gives what the snapshots lie on in place of them, from the parent to the bottom.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Ancestor { get; set; }

    /// <summary>
    /// <para>How many named or piped snapshots are read at once.</para>
    /// </summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 16;

    private protected override int MaxInFlight => ThrottleLimit;

    private bool IsPlain => Label is null && Filter is null && !Tree && !Ancestor;

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

        foreach (NamespaceClient client in await ClientsAsync(cancellationToken))
        {
            await TryAsync(
                Key,
                client,
                async () =>
                {
                    IReadOnlyList<string> snapshotters = await SnapshottersAsync(client, cancellationToken);
                    foreach (string snapshotter in snapshotters)
                    {
                        await ReadAsync(client, snapshotter, snapshotters.Count == 1, cancellationToken);
                    }
                },
                cancellationToken);
        }
    }

    private static ContainerSnapshotReference ReferenceTo(ContainerdObject input) => input switch
    {
        ContainerSnapshot snapshot => new(snapshot),
        ContainerSnapshotMountPoint point => new(point),
        ContainerImageMountPoint point => new(point),
        ContainerSnapshotUsage usage => new(usage),
        Container container => new(container),
        ContainerImage image => new(image),
        _ => throw new ContainerdException(ContainerdErrorCode.InvalidArgument, $"A {input.GetType().Name} has no snapshot. Pipe snapshots, containers or images.") { Reason = "NotASnapshot" },
    };

    private async Task<SnapshotAddress> AddressAsync(ContainerdObject input, NamespaceClient client, CancellationToken cancellationToken)
    {
        ContainerSnapshotReference reference = ReferenceTo(input);
        string? given = Snapshotter switch
        {
            null => null,
            [var only] when !WildcardPattern.ContainsWildcardCharacters(only) => only,
            _ => throw new ContainerdException(ContainerdErrorCode.InvalidArgument, "For piped objects -Snapshotter takes one snapshotter, without wildcards.") { Reason = "TooManySnapshotters" },
        };
        string snapshotter = given ?? reference.Snapshotter ?? await defaults.OfAsync(client, cancellationToken);
        return new SnapshotAddress(snapshotter, await SnapshotKeys.OfAsync(reference, snapshotter, client, cancellationToken));
    }

    private async Task ReadAsync(NamespaceClient client, ContainerdObject input, CancellationToken cancellationToken)
    {
        SnapshotAddress address = await AddressAsync(input, client, cancellationToken);
        if (IsPlain)
        {
            await StartNamedAsync(input, client, token => SnapshotQuery.ReadOneAsync(client, address, token), Write, cancellationToken);
            return;
        }

        await client.Snapshots.GetAsync(address.Snapshotter, address.Key, cancellationToken);
        await WriteAsync(client, address.Snapshotter, key => key == address.Key, cancellationToken);
    }

    private async Task<IReadOnlyList<string>> SnapshottersAsync(NamespaceClient client, CancellationToken cancellationToken)
    {
        if (Snapshotter is null)
        {
            return [await defaults.OfAsync(client, cancellationToken)];
        }

        if (!Snapshotter.Any(WildcardPattern.ContainsWildcardCharacters))
        {
            return Snapshotter;
        }

        Func<string, bool> wanted = NamePatterns.Any(Snapshotter, ignoreCase: false);
        return [.. Plugins.Snapshotters(await client.Introspection.PluginsAsync(cancellationToken)).Where(wanted)];
    }

    private async Task ReadAsync(NamespaceClient client, string snapshotter, bool only, CancellationToken cancellationToken)
    {
        // What is named has to be there, whatever is then given of it; asked of many snapshotters, it need not be in each.
        string[] exact = only ? NamePatterns.Split(Key).Exact : [];
        if (Label is null && Filter is null)
        {
            foreach (string key in exact)
            {
                var address = new SnapshotAddress(snapshotter, key);
                await StartNamedAsync(key, client, token => SnapshotQuery.ReadOneAsync(client, address, token), IsPlain ? Write : static _ => { }, cancellationToken);
            }
        }

        if (Key is null || exact.Length < Key.Length || !IsPlain)
        {
            string[] patterns = Key?.Where(key => !IsPlain || !exact.Contains(key)).ToArray() ?? [];
            await WriteAsync(client, snapshotter, Key is null ? null : NamePatterns.Any(patterns, ignoreCase: false), cancellationToken);
        }
    }

    private async Task WriteAsync(NamespaceClient client, string snapshotter, Func<string, bool>? key, CancellationToken cancellationToken)
    {
        string labels = DaemonFilter.Labels(Label ?? []);
        var query = new SnapshotQuery
        {
            Filters = labels.Length == 0 ? Filter ?? [] : DaemonFilter.Narrow(Filter ?? [], labels),
            Key = key,
            Kinds = Kind ?? [],
            Tree = Tree,
            Ancestors = Ancestor,
        };
        await foreach (ContainerSnapshot snapshot in query.ReadAsync(client, snapshotter, cancellationToken))
        {
            await WriteInTurnAsync(snapshot, cancellationToken);
        }
    }

    private void Write(ContainerSnapshot snapshot)
    {
        if (Kind is null || Kind.Contains(snapshot.Kind))
        {
            WriteObject(snapshot);
        }
    }
}
