using ContainerdPS.Images.Progress;
using ContainerdPS.Services;
using ContainerdPS.Wire.ContentV1;

namespace ContainerdPS.Images.Pull;

/// <summary>What a failed try leaves for the next one: layers of which a part is here. None of this throws.</summary>
internal static class PullRemains
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

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
