namespace ContainerdPS;

/// <summary>A write into a daemon's content store that has not ended: what it has written is not a blob yet.</summary>
public sealed class ContainerdIngest : ContainerdObject
{
    internal ContainerdIngest(ContainerdSession session, string @namespace, string reference)
        : base(session, @namespace) => Reference = reference;

    /// <summary>The name the write goes on under.</summary>
    public string Reference { get; }

    /// <summary>How many bytes have been written.</summary>
    public long Written { get; internal init; }

    /// <summary>How many bytes it is to have; null where the writer did not say.</summary>
    public long? Total { get; internal init; }

    /// <summary>The digest the blob is to have; null where the writer did not say.</summary>
    public string? ExpectedDigest { get; internal init; }

    /// <summary>When the write began, in local time.</summary>
    public DateTimeOffset StartedAt { get; internal init; }

    /// <summary>When something was last written, in local time.</summary>
    public DateTimeOffset UpdatedAt { get; internal init; }

    /// <summary>Gives the reference.</summary>
    /// <returns>The value of <see cref="Reference"/>.</returns>
    public override string ToString() => Reference;
}
