using ContainerdPS.Images;
using ContainerdPS.Mapping;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;
using ContainerdPS.Wire.SnapshotsV1;

namespace ContainerdPS.Containers;

/// <summary>
/// Changes parts of a container's record in one call, under a mask that names just these: what somebody else changes at
/// the same time stays. Everything is checked before anything is sent.
/// </summary>
internal static class ContainerChange
{
    /// <summary>Makes the changes.</summary>
    /// <returns>The container as it is then, with the state of its task; null when that is not asked for.</returns>
    public static async Task<Container?> ApplyAsync(NamespaceClient client, string id, ContainerUpdate update, bool read, CancellationToken cancellationToken)
    {
        Identifiers.Validated(ObjectKinds.Container, id);
        var record = new Wire.ContainersV1.Container { Id = id };
        var mask = new List<string>();
        AddLabels(update, record, mask);
        if (update.Spec is not null)
        {
            record.Spec = SpecMapping.ToWire(update.Spec);
            mask.Add("spec");
        }

        Wire.ContainersV1.Container? current = null;
        if (update.Image is not null || update.SnapshotKey is not null || update.Extensions.Values.Any(static value => value.TypeUrl is null))
        {
            current = await client.Containers.GetAsync(id, cancellationToken).ConfigureAwait(false);
        }

        AddExtensions(update, current, record, mask);
        if (update.Image is not null)
        {
            record.Image = await ImageNameAsync(client, id, update, cancellationToken).ConfigureAwait(false);
            mask.Add("image");
        }

        if (update.SnapshotKey is not null)
        {
            await RequireSnapshotAsync(client, current!, update.SnapshotKey, cancellationToken).ConfigureAwait(false);
            record.SnapshotKey = update.SnapshotKey;
            mask.Add("snapshotkey");
        }

        if (mask.Count == 0)
        {
            throw new ContainerdException(
                ContainerdErrorCode.InvalidArgument,
                $"There is nothing to change in the container '{id}'. Give at least one of -Image, -Label, -Extension, -SnapshotKey and -Spec. Its id, runtime and snapshotter are fixed when it is made.") { Reason = "NothingToSet" };
        }

        Wire.ContainersV1.Container changed = await client.Containers.UpdateAsync(record, mask, cancellationToken).ConfigureAwait(false);
        return read ? client.Containers.ToModel(changed, await client.Tasks.FindAsync(id, cancellationToken).ConfigureAwait(false)) : null;
    }

    /// <summary>Reads the spec of a container, to change it.</summary>
    public static async Task<RuntimeSpec> SpecAsync(NamespaceClient client, string id, CancellationToken cancellationToken)
    {
        Identifiers.Validated(ObjectKinds.Container, id);
        Container found = client.Containers.ToModel(await client.Containers.GetAsync(id, cancellationToken).ConfigureAwait(false), null);
        return found.Spec ?? throw new ContainerdException(
            ContainerdErrorCode.NotFound,
            $"The container '{id}' in namespace '{client.Namespace}' has no spec that could be changed: whoever made it left it out. Give a whole one.") { Reason = "SpecNotFound" };
    }

    /// <summary>
    /// Removes extensions. No mask makes the daemon forget a name: one that lists the others (<c>extensions</c>) is
    /// answered as if it did, but what it leaves out stays stored (seen on 1.6, 1.7 and 2.1). A mask of the name alone, with
    /// no value, empties it; see <see cref="ExtensionMapping.IsThere"/>. Names that are not there are left alone, or
    /// they would come to be.
    /// </summary>
    public static async Task<Container?> RemoveExtensionsAsync(
        NamespaceClient client, string id, IReadOnlyCollection<string> names, bool read, CancellationToken cancellationToken)
    {
        Identifiers.Validated(ObjectKinds.Container, id);
        Wire.ContainersV1.Container record = await client.Containers.GetAsync(id, cancellationToken).ConfigureAwait(false);
        string[] there = names.Where(name => record.Extensions.TryGetValue(name, out Google.Protobuf.WellKnownTypes.Any? value) && ExtensionMapping.IsThere(value)).ToArray();
        if (there.Length > 0)
        {
            record = await client.Containers.UpdateAsync(
                new Wire.ContainersV1.Container { Id = id }, there.Select(static name => "extensions." + name).ToArray(), cancellationToken).ConfigureAwait(false);
        }

        return read ? client.Containers.ToModel(record, await client.Tasks.FindAsync(id, cancellationToken).ConfigureAwait(false)) : null;
    }

    private static void AddLabels(ContainerUpdate update, Wire.ContainersV1.Container record, List<string> mask)
    {
        foreach ((string key, string? value) in update.Labels)
        {
            Identifiers.ValidateLabel(key, value ?? string.Empty);
            record.Labels[key] = value ?? string.Empty;
            mask.Add("labels." + key);
        }
    }

    private static void AddExtensions(ContainerUpdate update, Wire.ContainersV1.Container? current, Wire.ContainersV1.Container record, List<string> mask)
    {
        foreach ((string name, ContainerExtensionValue value) in update.Extensions)
        {
            string typeUrl = value.TypeUrl ?? (current!.Extensions.TryGetValue(name, out Google.Protobuf.WellKnownTypes.Any? present) ? present.TypeUrl : string.Empty);
            if (name.Length == 0 || typeUrl.Length == 0)
            {
                throw new ContainerdException(
                    ContainerdErrorCode.InvalidArgument,
                    name.Length == 0
                        ? $"An extension for the container '{record.Id}' has no name, and nothing was changed. Give it one, such as 'example.org/owner'."
                        : $"The extension '{name}' of the container '{record.Id}' has no type URL yet, and nothing was changed. Say what its bytes are with a type URL, such as 'example.org/Owner'.")
                {
                    Reason = name.Length == 0 ? "InvalidExtension" : "ExtensionTypeRequired",
                };
            }

            record.Extensions[name] = ExtensionMapping.ToWire(typeUrl, value.Value);
            mask.Add("extensions." + name);
        }
    }

    /// <summary>containerd takes any name here, and a wrong one shows only much later.</summary>
    private static async Task<string> ImageNameAsync(NamespaceClient client, string id, ContainerUpdate update, CancellationToken cancellationToken)
    {
        string wanted = update.Image!;
        try
        {
            return (await ImageLookup.GetAsync(client, wanted, cancellationToken).ConfigureAwait(false)).Name;
        }
        catch (ContainerdException e) when (e.Code is ContainerdErrorCode.NotFound or ContainerdErrorCode.InvalidArgument)
        {
            string full = ImageReference.TryParse(wanted, out ImageReference? reference) && reference is not null ? reference.ToString() : wanted;
            return update.AnyImage ? full : throw new ContainerdException(
                ContainerdErrorCode.NotFound,
                $"There is no image '{full}' in namespace '{client.Namespace}' on '{client.Session.Address}', and the container '{id}' was not changed. Get-ContainerImage lists those there are; -Force sets the name all the same.",
                e) { Reason = "ImageNotFound", ObjectKind = ObjectKinds.Image, ObjectId = full };
        }
    }

    private static async Task RequireSnapshotAsync(NamespaceClient client, Wire.ContainersV1.Container container, string key, CancellationToken cancellationToken)
    {
        if (container.Snapshotter.Length == 0)
        {
            throw new ContainerdException(
                ContainerdErrorCode.FailedPrecondition,
                $"The container '{container.Id}' has no snapshotter, and its snapshotter cannot be changed: it was made without a snapshot and takes none. Nothing was changed.") { Reason = "SnapshotterRequired" };
        }

        Info? snapshot = await client.Snapshots.FindAsync(container.Snapshotter, key, cancellationToken).ConfigureAwait(false);
        if (snapshot is { Kind: Kind.Active or Kind.View })
        {
            return;
        }

        throw new ContainerdException(
            snapshot is null ? ContainerdErrorCode.NotFound : ContainerdErrorCode.FailedPrecondition,
            snapshot is null
                ? $"There is no snapshot '{key}' in the snapshotter '{container.Snapshotter}' of namespace '{client.Namespace}' on '{client.Session.Address}', and the container '{container.Id}' was not changed."
                : $"The snapshot '{key}' in the snapshotter '{container.Snapshotter}' is committed and cannot be a root filesystem; prepare an active one from it. The container '{container.Id}' was not changed.")
        {
            Reason = snapshot is null ? "SnapshotNotFound" : "SnapshotCommitted",
            ObjectKind = ObjectKinds.Snapshot,
            ObjectId = key,
        };
    }
}
