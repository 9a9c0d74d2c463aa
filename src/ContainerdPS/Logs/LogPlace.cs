namespace ContainerdPS.Logs;

/// <summary>Where a log is, and how it is written.</summary>
/// <param name="Path">The path on the daemon's host.</param>
/// <param name="Format">The form of its lines; null to see it by the first.</param>
internal sealed record LogPlace(string Path, ContainerLogFormat? Format);
