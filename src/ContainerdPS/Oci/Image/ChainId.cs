using System.Text;

namespace ContainerdPS.Oci.Image;

/// <summary>
/// Names of stacked layers. A snapshot made from the first N layers of an image is called by the chain id of their
/// diff ids, so images that start with the same layers share snapshots.
/// </summary>
internal static class ChainId
{
    /// <summary>The chain id of all layers; null when there are none.</summary>
    public static string? Of(IReadOnlyList<string> diffIds) => diffIds.Count == 0 ? null : All(diffIds)[^1];

    /// <summary>The chain ids of the first layer, the first two, and so on.</summary>
    public static IReadOnlyList<string> All(IReadOnlyList<string> diffIds)
    {
        var chain = new string[diffIds.Count];
        for (int i = 0; i < chain.Length; i++)
        {
            string diffId = Digest.Parse(diffIds[i]).ToString();
            chain[i] = i == 0 ? diffId : Digest.Compute(Encoding.ASCII.GetBytes($"{chain[i - 1]} {diffId}")).ToString();
        }

        return chain;
    }
}
