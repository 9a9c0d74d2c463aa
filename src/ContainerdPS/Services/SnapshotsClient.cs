using System.Runtime.CompilerServices;
using ContainerdPS.Wire.SnapshotsV1;
using ContainerdPS.Wire.Types;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ContainerdPS.Services;

/// <summary>containerd.services.snapshots.v1: the filesystems of images and containers.</summary>
internal sealed class SnapshotsClient(CallInvoker invoker) : ServiceClient
{
    private readonly Wire.SnapshotsV1.Snapshots.SnapshotsClient stub = new(invoker);

    public async Task<IReadOnlyList<Mount>> PrepareAsync(
        string snapshotter, string key, string parent, IReadOnlyDictionary<string, string>? labels, CancellationToken cancellationToken)
    {
        var request = new PrepareSnapshotRequest { Snapshotter = snapshotter, Key = key, Parent = parent };
        foreach ((string name, string value) in labels ?? new Dictionary<string, string>())
        {
            request.Labels.Add(name, value);
        }

        PrepareSnapshotResponse response = await MakeAsync(ObjectKinds.Snapshot, key, options => stub.PrepareAsync(request, options), cancellationToken).ConfigureAwait(false);
        return response.Mounts;
    }

    /// <summary>Makes a read-only snapshot of a committed one; of no parent, an empty one.</summary>
    public Task<IReadOnlyList<Mount>> ViewAsync(string snapshotter, string key, string parent, CancellationToken cancellationToken) =>
        ViewAsync(snapshotter, key, parent, null, cancellationToken);

    /// <inheritdoc cref="ViewAsync(string, string, string, CancellationToken)"/>
    public async Task<IReadOnlyList<Mount>> ViewAsync(
        string snapshotter, string key, string parent, IReadOnlyDictionary<string, string>? labels, CancellationToken cancellationToken)
    {
        var request = new ViewSnapshotRequest { Snapshotter = snapshotter, Key = key, Parent = parent };
        foreach ((string name, string value) in labels ?? new Dictionary<string, string>())
        {
            request.Labels.Add(name, value);
        }

        ViewSnapshotResponse response = await MakeAsync(ObjectKinds.Snapshot, key, options => stub.ViewAsync(request, options), cancellationToken).ConfigureAwait(false);
        return response.Mounts;
    }

    public async Task CommitAsync(string snapshotter, string key, string name, IReadOnlyDictionary<string, string>? labels, CancellationToken cancellationToken)
    {
        var request = new CommitSnapshotRequest { Snapshotter = snapshotter, Key = key, Name = name };
        foreach ((string label, string value) in labels ?? new Dictionary<string, string>())
        {
            request.Labels.Add(label, value);
        }

        await MakeAsync(ObjectKinds.Snapshot, name, options => stub.CommitAsync(request, options), cancellationToken).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<Mount>> MountsAsync(string snapshotter, string key, CancellationToken cancellationToken)
    {
        MountsResponse response = await AskAsync(ObjectKinds.Snapshot, key, stub.MountsAsync(new MountsRequest { Snapshotter = snapshotter, Key = key }, Options(cancellationToken))).ConfigureAwait(false);
        return response.Mounts;
    }

    /// <summary>What a snapshot takes itself, without its parents.</summary>
    public async Task<UsageResponse> UsageAsync(string snapshotter, string key, CancellationToken cancellationToken) =>
        await AskAsync(ObjectKinds.Snapshot, key, stub.UsageAsync(new UsageRequest { Snapshotter = snapshotter, Key = key }, Options(cancellationToken))).ConfigureAwait(false);

    public async Task<bool> ExistsAsync(string snapshotter, string key, CancellationToken cancellationToken) =>
        await FindAsync(snapshotter, key, cancellationToken).ConfigureAwait(false) is not null;

    public async Task<Info> GetAsync(string snapshotter, string key, CancellationToken cancellationToken)
    {
        StatSnapshotResponse response = await AskAsync(ObjectKinds.Snapshot, key, stub.StatAsync(new StatSnapshotRequest { Snapshotter = snapshotter, Key = key }, Options(cancellationToken))).ConfigureAwait(false);
        return response.Info;
    }

    /// <summary>What a snapshot is, or null when there is none of that key.</summary>
    public async Task<Info?> FindAsync(string snapshotter, string key, CancellationToken cancellationToken)
    {
        try
        {
            return await GetAsync(snapshotter, key, cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (e is { Code: ContainerdErrorCode.NotFound, DaemonMessage: not null })
        {
            return null;
        }
    }

    public async Task RemoveAsync(string snapshotter, string key, CancellationToken cancellationToken) =>
        await AskAsync(ObjectKinds.Snapshot, key, stub.RemoveAsync(new RemoveSnapshotRequest { Snapshotter = snapshotter, Key = key }, Options(cancellationToken))).ConfigureAwait(false);

    /// <summary>Makes a snapshot a root of the garbage collection: it stays although nothing refers to it.</summary>
    public Task KeepAsync(string snapshotter, string key, CancellationToken cancellationToken) =>
        SetLabelsAsync(snapshotter, key, new Dictionary<string, string> { [GcLabel.Root] = GcLabel.Time(DateTimeOffset.UtcNow) }, cancellationToken);

    /// <summary>Sets the labels given and leaves the others alone; an empty value removes its label.</summary>
    public async Task<Info> SetLabelsAsync(string snapshotter, string key, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken)
    {
        if (labels.Count == 0)
        {
            return await GetAsync(snapshotter, key, cancellationToken).ConfigureAwait(false);
        }

        var request = new UpdateSnapshotRequest { Snapshotter = snapshotter, Info = new Info { Name = key }, UpdateMask = new FieldMask() };
        foreach ((string label, string value) in labels)
        {
            request.Info.Labels.Add(label, value);
            request.UpdateMask.Paths.Add("labels." + label);
        }

        UpdateSnapshotResponse response = await AskAsync(ObjectKinds.Snapshot, key, stub.UpdateAsync(request, Options(cancellationToken))).ConfigureAwait(false);
        return response.Info;
    }

    /// <summary>Lists snapshots as they arrive. The filters are containerd's own; one has to match.</summary>
    public async IAsyncEnumerable<Info> ListAsync(string snapshotter, IReadOnlyList<string> filters, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListSnapshotsRequest { Snapshotter = snapshotter };
        request.Filters.AddRange(filters);
        using AsyncServerStreamingCall<ListSnapshotsResponse> call = stub.List(request, Options(cancellationToken));
        while (await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false))
        {
            foreach (Info snapshot in call.ResponseStream.Current.Info)
            {
                yield return snapshot;
            }
        }
    }
}
