using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;

namespace ContainerdPS.Containers;

/// <summary>The records of containers that are being made.</summary>
internal static class ContainerRecord
{
    private static readonly TimeSpan TakeBackLimit = TimeSpan.FromSeconds(10);

    /// <summary>Labels of an image that are about the image's own keeping.</summary>
    private static readonly string[] PrivateLabels = ["containerd.io/", "io.cri-containerd"];

    /// <summary>Makes the record. One whose answer did not come is taken back: its snapshot goes, and it would be a container without a root.</summary>
    public static async Task<Wire.ContainersV1.Container> CreateAsync(NamespaceClient client, Wire.ContainersV1.Container record, CancellationToken cancellationToken)
    {
        try
        {
            return await client.Containers.CreateAsync(record, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ContainerdException { IsOutcomeUnknown: true })
        {
            using var limit = new CancellationTokenSource(TakeBackLimit);
            try
            {
                // Only ours: without a snapshot of its name, another client may have made one meanwhile.
                Wire.ContainersV1.Container found = await client.Containers.GetAsync(record.Id, limit.Token).ConfigureAwait(false);
                if (found.SnapshotKey == record.SnapshotKey && Equals(found.Spec, record.Spec))
                {
                    await client.Containers.DeleteAsync(record.Id, limit.Token).ConfigureAwait(false);
                }
            }
            catch (Exception again) when (again is OperationCanceledException or ContainerdException)
            {
                // Not found is the usual case. The failure itself is what must be told.
            }

            throw;
        }
    }

    /// <summary>Said before anything is made: a snapshot of that key would be taken for a leftover.</summary>
    public static async Task RefuseExistingAsync(NamespaceClient client, string id, CancellationToken cancellationToken)
    {
        try
        {
            await client.Containers.GetAsync(id, cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (e.Code == ContainerdErrorCode.NotFound)
        {
            return;
        }

        throw new ContainerdException(ContainerdErrorCode.AlreadyExists, "already exists") { ObjectKind = ObjectKinds.Container, ObjectId = id, DaemonMessage = "already exists" };
    }

    /// <summary>Gives a container the labels of its image that are not about the image's own keeping, and its stop signal.</summary>
    public static void CopyLabels(Wire.ImagesV1.Image image, ImageDocument config, Wire.ContainersV1.Container record)
    {
        foreach ((string key, string value) in image.Labels.Concat(config.Config?.Labels ?? new Dictionary<string, string>()))
        {
            // A label of an image that no container can hold is dropped, as containerd's own client does.
            if (!Array.Exists(PrivateLabels, prefix => key.StartsWith(prefix, StringComparison.Ordinal)) && Fits(key, value))
            {
                record.Labels[key] = value;
            }
        }

        if (config.Config?.StopSignal is { Length: > 0 } signal)
        {
            record.Labels[StopSignal.Label] = signal;
        }
    }

    private static bool Fits(string key, string value)
    {
        try
        {
            Identifiers.ValidateLabel(key, value);
            return value.Length > 0;
        }
        catch (ContainerdException)
        {
            return false;
        }
    }
}
