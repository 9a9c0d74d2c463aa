using ContainerdPS.Images.Progress;
using ContainerdPS.Services;

namespace ContainerdPS.Images.Pull;

/// <summary>What a failed try leaves for the next one: layers of which a part is here.</summary>
internal static class PullRemains
{
    /// <summary>Throws it away, where room is what is missing. It does not throw.</summary>
    public static async Task DropAsync(NamespaceClient client, ImageProgress progress)
    {
        foreach (PartProgress part in progress.Parts.Where(static part => part.State == PartState.Downloading))
        {
            await ContentWriter.AbortAsync(client, $"layer-{part.Digest}").ConfigureAwait(false);
        }
    }
}
