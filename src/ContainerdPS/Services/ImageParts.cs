using ContainerdPS.Wire.ImagesV1;

namespace ContainerdPS.Services;

/// <summary>
/// Lists images that do not fit into one message: the daemon gives them all at once or, above its limit, none, so they
/// are asked for in parts, by how their digests begin and their names end, each as large as it may be.
/// </summary>
/// <remarks>
/// The parts are asked for one after the other. A name that is given another image meanwhile may come twice, or in
/// neither part; one that stays as it is comes once.
/// </remarks>
internal sealed class ImageParts(IReadOnlyList<string> filters, Func<IReadOnlyList<string>, CancellationToken, Task<IReadOnlyList<Image>>> ask)
{
    /// <summary>Four to the power of this many parts are enough for any images of different digests.</summary>
    private const int MaxDigestSplits = 6;

    /// <summary>The longest end of a name to part images by; names that are the same so far are a few thousand at most.</summary>
    private const int MaxNameSplits = 64;

    /// <summary>A name that is no longer than what is looked at; the last of the classes.</summary>
    private const string Beginning = "^";

    private static readonly string[] DigestClasses = ["[0-3]", "[4-7]", "[89ab]", "[c-f]"];

    private static readonly string[] NameClasses = ["[01]", "[23]", "[45]", "[67]", "[89]", "[a-f]", "[g-m]", "[n-s]", "[t-z]", "[^0-9a-z]", Beginning];

    private readonly Dictionary<string, Image> found = new(StringComparer.Ordinal);

    /// <summary>All images the filters match, in the order of their names, as the daemon has them in one message.</summary>
    /// <exception cref="ContainerdException">The parts cannot be made small enough.</exception>
    public static async Task<IReadOnlyList<Image>> ListAsync(
        IReadOnlyList<string> filters, Func<IReadOnlyList<string>, CancellationToken, Task<IReadOnlyList<Image>>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask(filters, cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (IsTooLarge(e))
        {
            var parts = new ImageParts(filters, ask);
            await parts.SplitAsync(new Part(string.Empty, 0, string.Empty, 0), ByDigest, cancellationToken).ConfigureAwait(false);
            return [.. parts.found.Values.OrderBy(static image => image.Name, StringComparer.Ordinal)];
        }
    }

    private static bool IsTooLarge(ContainerdException e) =>
        e.Code == ContainerdErrorCode.ResourceExhausted && e.DaemonMessage?.Contains("larger than max", StringComparison.Ordinal) == true;

    private static IEnumerable<Part> ByDigest(Part part) =>
        part.DigestSplits < MaxDigestSplits
            ? DigestClasses.Select(letter => part with { Digest = part.Digest + letter, DigestSplits = part.DigestSplits + 1 })
            : ByName(part);

    private static IEnumerable<Part> ByName(Part part) =>
        NameClasses.Select(letter => part with { Name = letter + part.Name, NameSplits = part.NameSplits + 1 });

    private async Task SplitAsync(Part whole, Func<Part, IEnumerable<Part>> split, CancellationToken cancellationToken)
    {
        if (whole.NameSplits == MaxNameSplits || whole.Name.StartsWith(Beginning, StringComparison.Ordinal))
        {
            throw new ContainerdException(
                ContainerdErrorCode.ResourceExhausted,
                "The images do not fit into one message of the daemon, nor do parts of them: some have very large labels. Ask for them by their names, or raise max_send_message_size in the section [grpc] of the daemon's configuration.")
            {
                Reason = "ImageListTooLarge",
            };
        }

        var large = new List<Part>();
        bool parted = false;
        foreach (Part part in split(whole))
        {
            try
            {
                IReadOnlyList<Image> images = await ask(DaemonFilter.Narrow(filters, part.Selector), cancellationToken).ConfigureAwait(false);
                parted |= images.Count > 0;
                foreach (Image image in images)
                {
                    found[image.Name] = image;
                }
            }
            catch (ContainerdException e) when (IsTooLarge(e))
            {
                large.Add(part);
            }
        }

        foreach (Part part in large)
        {
            // Digests that are all alike, of many tags of one image, tell nothing apart.
            await SplitAsync(part, parted || large.Count > 1 ? split : ByName, cancellationToken).ConfigureAwait(false);
        }
    }

    private sealed record Part(string Digest, int DigestSplits, string Name, int NameSplits)
    {
        public string Selector
        {
            get
            {
                string digest = DaemonFilter.Matches("target.digest", $"^[a-z0-9]+:{Digest}");
                return Name.Length == 0 ? digest : $"{digest},{DaemonFilter.Matches("name", Name + "$")}";
            }
        }
    }
}
