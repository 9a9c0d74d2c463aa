namespace ContainerdPS.Services;

/// <summary>Changes labels of one container, and only those.</summary>
internal static class LabelChange
{
    /// <summary>Sets each label given; an empty value removes its label.</summary>
    /// <returns>The container as it is then, with the state of its task; null when that is not asked for.</returns>
    public static async Task<Container?> ApplyAsync(
        NamespaceClient client, string id, IReadOnlyDictionary<string, string?> labels, bool read, CancellationToken cancellationToken)
    {
        Identifiers.Validated(ObjectKinds.Container, id);
        Wire.ContainersV1.Container wire = await client.Containers.SetLabelsAsync(id, Identifiers.ValidatedLabels(labels), cancellationToken).ConfigureAwait(false);
        return read ? client.Containers.ToModel(wire, await client.Tasks.FindAsync(id, cancellationToken).ConfigureAwait(false)) : null;
    }
}
