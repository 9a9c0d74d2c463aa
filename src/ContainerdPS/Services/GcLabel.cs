using System.Globalization;

namespace ContainerdPS.Services;

/// <summary>The labels the daemon's garbage collection goes by, on records of any kind.</summary>
internal static class GcLabel
{
    /// <summary>Makes what carries it stay although nothing refers to it.</summary>
    public const string Root = "containerd.io/gc.root";

    /// <summary>Ends a lease, or what else carries it, at a time.</summary>
    public const string Expire = "containerd.io/gc.expire";

    /// <summary>In front of what a record needs from the content store.</summary>
    public const string ContentReference = "containerd.io/gc.ref.content";

    /// <summary>In front of the snapshotter whose snapshot a record needs.</summary>
    public const string SnapshotReference = "containerd.io/gc.ref.snapshot.";

    /// <summary>A moment as these labels hold it.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>When what carries these labels ends; null when it does not, or not in words the daemon understands.</summary>
    public static DateTimeOffset? ExpiryOf(IDictionary<string, string> labels) =>
        labels.TryGetValue(Expire, out string? text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null;

    /// <summary>Labels for something that nothing refers to: as they are under a lease, else with one that makes it a root of the collection.</summary>
    public static Dictionary<string, string> Kept(IReadOnlyDictionary<string, string> labels, string? lease)
    {
        var kept = new Dictionary<string, string>(labels, StringComparer.Ordinal);
        if (lease is null)
        {
            kept.TryAdd(Root, Time(DateTimeOffset.UtcNow));
        }

        return kept;
    }
}
