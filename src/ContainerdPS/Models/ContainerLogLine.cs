namespace ContainerdPS;

/// <summary>One line of a container's log, with what is known about it.</summary>
public sealed class ContainerLogLine : ContainerdObject
{
    internal ContainerLogLine(ContainerdSession session, string @namespace, string container)
        : base(session, @namespace) => Container = container;

    /// <summary>The id of the container.</summary>
    public string Container { get; }

    /// <summary>The id of the further process that wrote it; empty for the task itself.</summary>
    public string Process { get; internal init; } = string.Empty;

    /// <summary>
    /// When it was written, in local time: as the log says, or where the log is plain text as the line itself says at its
    /// beginning; null where neither does.
    /// </summary>
    public DateTimeOffset? Time { get; internal init; }

    /// <summary><c>stdout</c> or <c>stderr</c>; null where the log does not say.</summary>
    public string? Stream { get; internal init; }

    /// <summary>What was written, without the line end and without what the log's form puts around it.</summary>
    public string Text { get; internal init; } = string.Empty;

    /// <summary>Gives the text.</summary>
    /// <returns>The value of <see cref="Text"/>.</returns>
    public override string ToString() => Text;
}
