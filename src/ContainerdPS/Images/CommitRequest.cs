namespace ContainerdPS.Images;

/// <summary>Which container becomes an image, and as what.</summary>
internal sealed record CommitRequest
{
    /// <summary>The id of the container.</summary>
    public required string Container { get; init; }

    /// <summary>The name of the image: whole, short, or <c>:TAG</c> for another tag beside the container's image.</summary>
    public required string Name { get; init; }

    /// <summary>Takes the name from the image that has it.</summary>
    public bool Force { get; init; }

    /// <summary>Works on a task that goes on running.</summary>
    public bool NoPause { get; init; }

    /// <summary>Leaves the new layer packed.</summary>
    public bool NoUnpack { get; init; }

    /// <summary>Who made the image; null for the author of the container's image.</summary>
    public string? Author { get; init; }

    /// <summary>A remark for the history; null for none.</summary>
    public string? Message { get; init; }

    /// <summary>What the image says differently from the container's.</summary>
    public required ImageConfigChange Config { get; init; }

    /// <summary>Told what the user should know.</summary>
    public Action<string>? Notice { get; init; }
}
