namespace ContainerdPS.Services;

/// <summary>Finds out which other namespaces have what was not found in one: the usual reason for not finding it.</summary>
internal static class Elsewhere
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>The namespaces that have it; empty when none has, or when asking fails.</summary>
    public static async Task<IReadOnlyList<string>> FindAsync(NamespaceClient client, ContainerdException failure, CancellationToken cancellationToken)
    {
        if (failure is not { Code: ContainerdErrorCode.NotFound, ObjectId: { } id, ObjectKind: { } kind } || kind is not (ObjectKinds.Container or ObjectKinds.Image or ObjectKinds.Blob))
        {
            return [];
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Limit);
        var found = new List<string>();
        try
        {
            foreach (Wire.NamespacesV1.Namespace other in await client.Namespaces.ListAsync(timeout.Token).ConfigureAwait(false))
            {
                if (other.Name != client.Namespace && await HasAsync(client.InNamespace(other.Name), kind, id, timeout.Token).ConfigureAwait(false))
                {
                    found.Add(other.Name);
                }
            }
        }
        catch (Exception e) when (e is ContainerdException or OperationCanceledException)
        {
            // A hint is not worth an error of its own.
        }

        found.Sort(StringComparer.Ordinal);
        return found;
    }

    private static async Task<bool> HasAsync(NamespaceClient client, string kind, string id, CancellationToken cancellationToken)
    {
        try
        {
            Task asked = kind switch
            {
                ObjectKinds.Container => client.Containers.GetAsync(id, cancellationToken),
                ObjectKinds.Blob => client.Content.GetAsync(id, cancellationToken),
                _ => client.Images.GetAsync(id, cancellationToken),
            };
            await asked.ConfigureAwait(false);
            return true;
        }
        catch (ContainerdException e) when (e.Code is ContainerdErrorCode.NotFound or ContainerdErrorCode.InvalidArgument)
        {
            return false;
        }
    }
}
