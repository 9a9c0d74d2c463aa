using ContainerdPS.Images.Progress;
using ContainerdPS.Services;
using ContainerdPS.Wire.ContentV1;

namespace ContainerdPS.Images.Pull;

/// <summary>What a failed try leaves for the next one: layers of which a part is here. None of this throws.</summary>
internal static class PullRemains
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Throws it away, where room is what is missing.</summary>
    public static async Task DropAsync(NamespaceClient client, ImageProgress progress)
    {
        foreach (PartProgress part in progress.Parts.Where(static part => part.State == PartState.Downloading))
        {
            await ContentWriter.AbortAsync(client, $"layer-{part.Digest}").ConfigureAwait(false);
        }
    }

    /// <summary>Throws away what was begun and has nothing in it: there is nothing to go on from.</summary>
    public static async Task DropEmptyAsync(NamespaceClient client, ImageProgress progress)
    {
        foreach (PartProgress part in progress.Parts.Where(static part => part.State is PartState.Waiting or PartState.Downloading))
        {
            await DropAsync(client, $"layer-{part.Digest}", isSpoiled: false).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Has the daemon keep for a day what its own pull has begun under a lease, as it keeps what is written under none. What
    /// has nothing in it is thrown away.
    /// </summary>
    public static async Task KeepAsync(NamespaceClient client, ImageProgress progress)
    {
        using var limit = new CancellationTokenSource(Limit);
        await Task.WhenAll(progress.Parts
            .Where(static part => part.State is PartState.Waiting or PartState.Downloading)
            .Select(part => KeepAsync(client, $"layer-{part.Digest}", limit.Token))).ConfigureAwait(false);
    }

    private static async Task KeepAsync(NamespaceClient client, string reference, CancellationToken cancellationToken)
    {
        try
        {
            while (await client.Content.FindIngestAsync(reference, cancellationToken).ConfigureAwait(false) is { } left)
            {
                try
                {
                    // To be opened without a lease is what gives it its day.
                    ContentWriter writer = await ContentWriter.OpenAsync(client, reference, left.Total, left.Expected, cancellationToken).ConfigureAwait(false);
                    await using (writer.ConfigureAwait(false))
                    {
                        if (writer.Offset == 0)
                        {
                            await ContentWriter.AbortAsync(client, reference).ConfigureAwait(false);
                        }
                    }

                    return;
                }
                catch (ContainerdException e) when (IsLocked(e))
                {
                    // The daemon is about to let go of it.
                    await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e) when (e is ContainerdException or OperationCanceledException)
        {
            // Somebody else is writing it, or the daemon is gone.
        }
    }

    /// <summary>Whether a write cannot be opened because somebody is at it.</summary>
    public static bool IsLocked(ContainerdException e) =>
        e.Code == ContainerdErrorCode.Unavailable && e.DaemonMessage?.Contains(" locked for ", StringComparison.Ordinal) == true;

    /// <summary>Takes away what is spoiled, or nothing, unless somebody is writing it.</summary>
    /// <param name="client">The daemon, without a lease: what a write under one leaves is not found without, nor the other way.</param>
    /// <param name="reference">The name of the write.</param>
    /// <param name="isSpoiled">Whether what is there is worthless.</param>
    public static async Task DropAsync(NamespaceClient client, string reference, bool isSpoiled)
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            if (await client.Content.FindIngestAsync(reference, limit.Token).ConfigureAwait(false) is { } left && (isSpoiled || left.Offset == 0))
            {
                ContentWriter writer = await ContentWriter.OpenAsync(client, reference, left.Total, left.Expected, limit.Token).ConfigureAwait(false);
                await using (writer.ConfigureAwait(false))
                {
                    await ContentWriter.AbortAsync(client, reference).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e) when (e is ContainerdException or OperationCanceledException)
        {
            // Somebody is, or the daemon is gone.
        }
    }
}
