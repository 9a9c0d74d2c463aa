using ContainerdPS.Images.Archives.Tar;
using ContainerdPS.Services;

namespace ContainerdPS.Images;

/// <summary>Tells by which files a container differs from its image.</summary>
internal static class ContainerComparison
{
    public static async Task<IReadOnlyList<ContainerFileChange>> RunAsync(NamespaceClient client, string id, CancellationToken cancellationToken)
    {
        // The snapshot's parent is the image as the container was made from it, whatever its name refers to now.
        Identifiers.Validated(ObjectKinds.Container, id);
        Wire.ContainersV1.Container container = await client.Containers.GetAsync(id, cancellationToken).ConfigureAwait(false);
        await ContainerBase.SnapshotAsync(client, container, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<TreeChange> changes = await TreeComparison.RunAsync(client, container.Snapshotter, null, container.SnapshotKey, cancellationToken).ConfigureAwait(false);
        return [.. changes.Select(change => ToModel(client, id, change))];
    }

    private static ContainerFileChange ToModel(NamespaceClient client, string id, TreeChange change) => new(client.Session, client.Namespace, id, change.Path)
    {
        Change = change.Change,
        Kind = Kind(change.Entry.Kind),
        Size = change.Entry.Size,
        Mode = Convert.ToString(change.Entry.Mode, 8).PadLeft(4, '0'),
        UserId = change.Entry.UserId,
        GroupId = change.Entry.GroupId,
        ModifiedAt = DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(change.Entry.ModifiedSeconds, DateTimeOffset.MinValue.ToUnixTimeSeconds(), DateTimeOffset.MaxValue.ToUnixTimeSeconds())).ToLocalTime(),
        LinkTarget = change.Entry.Kind switch
        {
            TarEntryKind.SymbolicLink => change.Entry.LinkTarget,
            TarEntryKind.HardLink => '/' + change.Entry.LinkTarget.TrimStart('/'),
            _ => null,
        },
    };

    private static ContainerFileKind Kind(TarEntryKind kind) => kind switch
    {
        TarEntryKind.File or TarEntryKind.SparseFile => ContainerFileKind.File,
        TarEntryKind.Directory => ContainerFileKind.Directory,
        TarEntryKind.SymbolicLink => ContainerFileKind.SymbolicLink,
        TarEntryKind.HardLink => ContainerFileKind.HardLink,
        TarEntryKind.CharacterDevice or TarEntryKind.BlockDevice => ContainerFileKind.Device,
        TarEntryKind.Fifo => ContainerFileKind.Fifo,
        _ => ContainerFileKind.Other,
    };
}
