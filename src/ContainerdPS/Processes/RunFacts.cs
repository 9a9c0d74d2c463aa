namespace ContainerdPS.Processes;

/// <summary>What a result tells of a run beside its output and its end.</summary>
/// <param name="Container">The id of the container.</param>
/// <param name="Image">The image of the container, by name; empty without one.</param>
/// <param name="Command">The command line.</param>
/// <param name="StartedAt">When its process was started; null when that is not known.</param>
internal sealed record RunFacts(string Container, string Image, string Command, DateTimeOffset? StartedAt);
