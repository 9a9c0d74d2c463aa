namespace ContainerdPS.Registry;

/// <summary>What a host may be asked for.</summary>
[Flags]
internal enum HostCapabilities
{
    None = 0,

    /// <summary>Content by its digest, which is checked.</summary>
    Pull = 1,

    /// <summary>The digest a tag stands for, which nothing can check: the host is trusted.</summary>
    Resolve = 2,

    Push = 4,

    All = Pull | Resolve | Push,
}
