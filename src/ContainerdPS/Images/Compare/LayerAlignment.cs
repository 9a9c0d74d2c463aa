namespace ContainerdPS.Images.Compare;

/// <summary>Which layers of two images are the same: the longest list of layers that both have in the same order.</summary>
internal static class LayerAlignment
{
    /// <summary>Images have at most some hundred layers; what claims to have more is compared from the bottom up only.</summary>
    private const long LargestTable = 4_000_000;

    /// <summary>The layers of both in their order; what only the reference has comes before what only the image has.</summary>
    /// <returns>Positions in the reference and in the image; one of them null.</returns>
    public static IEnumerable<(int? Reference, int? Image)> Of(IReadOnlyList<string> reference, IReadOnlyList<string> image)
    {
        bool whole = (reference.Count + 1L) * (image.Count + 1L) <= LargestTable;
        int[,] common = whole ? Common(reference, image) : new int[0, 0];
        int old = 0;
        int now = 0;
        while (old < reference.Count || now < image.Count)
        {
            if (old < reference.Count && now < image.Count && reference[old] == image[now])
            {
                yield return (old++, now++);
            }
            else if (old < reference.Count && (now == image.Count || !whole || common[old + 1, now] >= common[old, now + 1]))
            {
                yield return (old++, null);
            }
            else
            {
                yield return (null, now++);
            }
        }
    }

    /// <summary>How many layers two lists have in common, each from a position on.</summary>
    private static int[,] Common(IReadOnlyList<string> reference, IReadOnlyList<string> image)
    {
        int[,] common = new int[reference.Count + 1, image.Count + 1];
        for (int i = reference.Count - 1; i >= 0; i--)
        {
            for (int j = image.Count - 1; j >= 0; j--)
            {
                common[i, j] = reference[i] == image[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        return common;
    }
}
