using System.Collections.ObjectModel;

namespace ContainerdPS;

/// <summary>A lease: it keeps blobs, snapshots and unended writes from the garbage collection while nothing refers to them yet.</summary>
public sealed class ContainerdLease : ContainerdObject
{
    internal ContainerdLease(ContainerdSession session, string @namespace, string id)
        : base(session, @namespace) => Id = id;

    /// <summary>The id.</summary>
    public string Id { get; }

    /// <summary>The labels, by their full keys.</summary>
    public ReadOnlyDictionary<string, string> Labels { get; internal init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>When it was created, in local time.</summary>
    public DateTimeOffset CreatedAt { get; internal init; }

    /// <summary>When it stops protecting, in local time; null when it does not by itself.</summary>
    public DateTimeOffset? ExpiresAt { get; internal init; }

    /// <summary>What it protects.</summary>
    public IReadOnlyList<ContainerdLeaseResource> Resources { get; internal init; } = [];

    /// <summary>Gives the id.</summary>
    /// <returns>The value of <see cref="Id"/>.</returns>
    public override string ToString() => Id;
}
