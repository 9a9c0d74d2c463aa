namespace ContainerdPS.Files;

/// <summary>How files are copied.</summary>
internal sealed record CopyOptions
{
    /// <summary>Keeps owners, the bits that give a program its owner's rights, and all extended attributes.</summary>
    public bool Archive { get; init; }

    /// <summary>Replaces files that are read-only.</summary>
    public bool Force { get; init; }

    /// <summary>Copies what symbolic links lead to, not the links.</summary>
    public bool FollowLinks { get; init; }

    /// <summary>Who everything copied belongs to, by the ids at the destination; null for its root in a container and this user on this machine.</summary>
    public (uint User, uint Group)? Owner { get; init; }
}
