using System.Diagnostics;
using ContainerdPS.Images;
using ContainerdPS.Mapping;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Processes;
using ContainerdPS.Services;

namespace ContainerdPS.Checkpoints;

/// <summary>
/// Checkpoints a container: its parts under a lease, then the index of them, and only then the name. A failure leaves
/// nothing of that, and a task that runs on.
/// </summary>
internal static class ContainerCheckpoint
{
    private const int DumpAttempts = 3;

    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PersistenceLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    /// <summary>Makes the checkpoint an image.</summary>
    public static async Task<ContainerImage> RunAsync(NamespaceClient client, CheckpointPlan plan, CancellationToken cancellationToken)
    {
        LeaseScope lease = await LeaseScope.BeginAsync(client, cancellationToken).ConfigureAwait(false);
        bool hasEnded = false;
        try
        {
            // The record it replaces is to be had back where the new one fails.
            if (plan.Former is { } former)
            {
                await TryHoldAsync(lease, former, cancellationToken).ConfigureAwait(false);
            }

            var writer = new CheckpointWriter(lease.Client, plan);
            await AddStillPartsAsync(writer, plan, cancellationToken).ConfigureAwait(false);
            hasEnded = await AddMovingPartsAsync(lease.Client, writer, plan, cancellationToken).ConfigureAwait(false);
            plan.Request.Progress?.Invoke("writing the index");

            // What has ended cannot be dumped again: from here on it is made whole, whatever it takes.
            Wire.ImagesV1.Image image = hasEnded
                ? await InsistAsync(() => NameAsync(client, writer, plan, CancellationToken.None)).ConfigureAwait(false)
                : await NameAsync(client, writer, plan, cancellationToken).ConfigureAwait(false);
            ContainerImage model = await ModelAsync(client, image, hasEnded ? CancellationToken.None : cancellationToken).ConfigureAwait(false);
            await lease.DisposeAsync().ConfigureAwait(false);
            return model;
        }
        catch (ContainerdException e) when (hasEnded)
        {
            throw Lost(client, plan, lease, e);
        }
        catch
        {
            lease.CollectAtEnd();
            await lease.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Dumps the processes into a folder on the daemon's host, and makes no image.</summary>
    public static async Task DumpAsync(NamespaceClient client, CheckpointPlan plan, CancellationToken cancellationToken)
    {
        var writer = new CheckpointWriter(client, plan);
        await PausedAsync(client, plan, () => ProcessDump.RunAsync(client, writer, plan, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What does not change while the task runs.</summary>
    private static async Task AddStillPartsAsync(CheckpointWriter writer, CheckpointPlan plan, CancellationToken cancellationToken)
    {
        if (plan.Parts.HasFlag(CheckpointParts.Image))
        {
            await writer.AddImageAsync(cancellationToken).ConfigureAwait(false);
        }

        if (plan.Parts.HasFlag(CheckpointParts.Runtime))
        {
            await writer.AddRuntimeAsync(cancellationToken).ConfigureAwait(false);
        }

        if (plan.Parts.HasFlag(CheckpointParts.Task))
        {
            await writer.AddOptionsAsync(ProcessDump.OptionsOf(plan), cancellationToken).ConfigureAwait(false);
        }
        else if (plan.Parts.HasFlag(CheckpointParts.Runtime))
        {
            await writer.AddSpecAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>What fits together only while nothing changes it: the files and the memory.</summary>
    /// <returns>Whether the task has been ended by it.</returns>
    private static async Task<bool> AddMovingPartsAsync(NamespaceClient client, CheckpointWriter writer, CheckpointPlan plan, CancellationToken cancellationToken)
    {
        int still = writer.Count;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await PausedAsync(client, plan, () => AddFilesAndMemoryAsync(client, writer, plan, cancellationToken), cancellationToken).ConfigureAwait(false);
                break;
            }
            catch (ContainerdException e) when (attempt < DumpAttempts && plan.Pauses && CriuFailures.IsChance(e))
            {
                // The files go with the memory: both anew.
                writer.Truncate(still);
                await Task.Delay(RetryInterval, cancellationToken).ConfigureAwait(false);
            }
        }

        bool hasEnded = plan.Parts.HasFlag(CheckpointParts.Task) && plan.Request.Options.Exit;
        if (hasEnded)
        {
            await WaitForEndAsync(client, plan.Container.Id).ConfigureAwait(false);
        }

        return hasEnded;
    }

    private static async Task AddFilesAndMemoryAsync(NamespaceClient client, CheckpointWriter writer, CheckpointPlan plan, CancellationToken cancellationToken)
    {
        if (plan.Parts.HasFlag(CheckpointParts.ReadWriteLayer))
        {
            await writer.AddReadWriteLayerAsync(cancellationToken).ConfigureAwait(false);
        }

        if (plan.Parts.HasFlag(CheckpointParts.Task))
        {
            writer.AddTask(await ProcessDump.RunAsync(client, writer, plan, cancellationToken).ConfigureAwait(false));
        }
    }

    private static async Task PausedAsync(NamespaceClient client, CheckpointPlan plan, Func<Task> work, CancellationToken cancellationToken)
    {
        if (!plan.Pauses)
        {
            await work().ConfigureAwait(false);
            return;
        }

        plan.Request.Progress?.Invoke("pausing the task");
        TaskPause pause = await TaskPause.BeginAsync(client, plan.Container.Id, cancellationToken).ConfigureAwait(false);
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (ContainerdException e)
        {
            throw await pause.EndAsync().ConfigureAwait(false) is { } still
                ? new ContainerdException(e.Code, $"{e.Message} {still.Message}", e) { Reason = e.Reason, ObjectKind = e.ObjectKind, ObjectId = e.ObjectId }
                : e;
        }
        catch
        {
            await pause.EndAsync().ConfigureAwait(false);
            throw;
        }

        // What has been dumped and ended is not to be resumed, only thawed to die.
        if (await pause.EndAsync().ConfigureAwait(false) is { } failure && !plan.Request.Options.Exit)
        {
            throw failure;
        }
    }

    /// <summary>The runtime has killed it; whoever removes the container next must not find it running.</summary>
    private static async Task WaitForEndAsync(NamespaceClient client, string id)
    {
        using var limit = new CancellationTokenSource(ExitLimit);
        try
        {
            await client.Tasks.WaitAsync(id, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ContainerdException or OperationCanceledException)
        {
            // Gone already, or slow to go: the checkpoint is whole either way.
        }
    }

    private static async Task<Wire.ImagesV1.Image> NameAsync(NamespaceClient client, CheckpointWriter writer, CheckpointPlan plan, CancellationToken cancellationToken)
    {
        OciDescriptor index = await writer.WriteIndexAsync(cancellationToken).ConfigureAwait(false);
        var record = new Wire.ImagesV1.Image
        {
            Name = plan.Request.Name!,
            Target = DescriptorMapping.ToWire(index),
            Labels = { [CheckpointIndex.Label] = "true" },
        };
        try
        {
            return plan.Former is null
                ? await client.Images.CreateAsync(record, cancellationToken).ConfigureAwait(false)
                : await client.Images.CreateOrUpdateAsync(record, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ContainerdException { IsOutcomeUnknown: true })
        {
            if (await IsNamedAsync(client, record).ConfigureAwait(false) is not { } found)
            {
                throw;
            }

            // It was made, and only the answer did not come.
            if (!cancellationToken.IsCancellationRequested)
            {
                return found;
            }

            await UnnameAsync(client, plan).ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<Wire.ImagesV1.Image?> IsNamedAsync(NamespaceClient client, Wire.ImagesV1.Image record)
    {
        using var limit = new CancellationTokenSource(ExitLimit);
        try
        {
            return await client.Images.FindAsync(record.Name, limit.Token).ConfigureAwait(false) is { } found && found.Target.Digest == record.Target.Digest ? found : null;
        }
        catch (Exception e) when (e is ContainerdException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Gives the name back what it had.</summary>
    private static async Task UnnameAsync(NamespaceClient client, CheckpointPlan plan)
    {
        using var limit = new CancellationTokenSource(ExitLimit);
        try
        {
            if (plan.Former is { } former)
            {
                await client.Images.CreateOrUpdateAsync(former, limit.Token).ConfigureAwait(false);
            }
            else
            {
                await client.Images.DeleteAsync(plan.Request.Name!, synchronous: false, limit.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is ContainerdException or OperationCanceledException)
        {
            // Why the checkpoint failed is what must be told.
        }
    }

    private static async Task<T> InsistAsync<T>(Func<Task<T>> work)
    {
        long begun = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await work().ConfigureAwait(false);
            }
            catch (ContainerdException e) when (e.IsOutcomeUnknown && Stopwatch.GetElapsedTime(begun) < PersistenceLimit)
            {
                await Task.Delay(RetryInterval).ConfigureAwait(false);
            }
        }
    }

    private static async Task TryHoldAsync(LeaseScope lease, Wire.ImagesV1.Image former, CancellationToken cancellationToken)
    {
        try
        {
            await lease.Client.Leases.AddContentAsync(lease.Client.Lease!, former.Target.Digest, cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (e.Code == ContainerdErrorCode.NotFound)
        {
            // A name whose content is gone: there is nothing to hold.
        }
    }

    /// <summary>It is made, whatever keeps its content from being looked into again.</summary>
    private static async Task<ContainerImage> ModelAsync(NamespaceClient client, Wire.ImagesV1.Image image, CancellationToken cancellationToken)
    {
        try
        {
            return await new ImageSurvey(client).ReadAsync(image, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ContainerdException or OperationCanceledException)
        {
            return client.Images.ToModel(image, null, []);
        }
    }

    private static ContainerdException Lost(NamespaceClient client, CheckpointPlan plan, LeaseScope lease, ContainerdException e) => new(
        e.Code,
        $"The task of the container '{plan.Container.Id}' in namespace '{client.Namespace}' on '{client.Session.Address}' was dumped and ended, but its checkpoint could not be completed: {e.Message.TrimEnd('.')}. "
            + $"What was written stays for 24 hours under the lease '{lease.Client.Lease}'.",
        e)
    {
        Reason = "CheckpointIncomplete",
        ObjectKind = ObjectKinds.Container,
        ObjectId = plan.Container.Id,
    };
}
