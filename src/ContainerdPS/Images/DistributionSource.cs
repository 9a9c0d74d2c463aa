using ContainerdPS.Oci.Image;
using ContainerdPS.Registry;

namespace ContainerdPS.Images;

/// <summary>
/// The labels that say from which repositories a blob came, as containerd's clients write them: whoever pushes it to the
/// same registry need not send it again.
/// </summary>
internal static class DistributionSource
{
    private const string Prefix = "containerd.io/distribution.source.";

    /// <summary>A key and its value together may not be longer.</summary>
    private const int LongestLabel = 4096;

    /// <summary>The label of a blob that also comes from a repository; empty when it has it, or when there is no more room in it.</summary>
    public static Dictionary<string, string> With(ImageReference reference, IDictionary<string, string>? labels)
    {
        string key = Key(reference);
        string before = labels?.TryGetValue(key, out string? known) == true ? known : string.Empty;
        string after = string.Join(',', before.Split(',', StringSplitOptions.RemoveEmptyEntries).Append(reference.Path).Distinct().Order(StringComparer.Ordinal));
        return after == before || key.Length + after.Length > LongestLabel ? [] : new Dictionary<string, string> { [key] = after };
    }

    /// <summary>The repository of the same registry that a blob most likely can be taken from; null when none is known.</summary>
    public static string? CandidateFor(ImageReference target, IEnumerable<IDictionary<string, string>> labels)
    {
        string key = Key(target);
        string[] own = target.Path.Split('/');
        return labels.SelectMany(set => set.TryGetValue(key, out string? value) ? value.Split(',', StringSplitOptions.RemoveEmptyEntries) : [])
            .Where(repository => repository != target.Path)
            .OrderByDescending(repository => repository.Split('/').Zip(own).TakeWhile(static pair => pair.First == pair.Second).Count())
            .FirstOrDefault();
    }

    /// <summary>The host stands there without its port.</summary>
    private static string Key(ImageReference reference) => Prefix + Loopback.NameOf(reference.Domain).Trim('[', ']');
}
