namespace ContainerdPS.Logs;

/// <summary>One line of a log.</summary>
/// <param name="Time">When it was written; null where the log does not say.</param>
/// <param name="Stream"><c>stdout</c> or <c>stderr</c>; null where the log does not say.</param>
/// <param name="Text">What was written.</param>
internal readonly record struct LogEntry(DateTimeOffset? Time, string? Stream, string Text);
