namespace ContainerdPS;

/// <summary>A deprecated feature that a daemon saw used.</summary>
/// <param name="Id">Its name in containerd.</param>
/// <param name="Message">What it is and what to use instead.</param>
/// <param name="LastOccurrence">When it was last used, in local time; null when that is not known.</param>
public sealed record ContainerdDeprecation(string Id, string Message, DateTimeOffset? LastOccurrence);
