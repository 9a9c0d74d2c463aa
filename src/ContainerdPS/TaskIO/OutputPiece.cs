namespace ContainerdPS.TaskIO;

/// <summary>A piece of what a process writes: a line, or bytes of its output.</summary>
/// <param name="Stream">Where it wrote it.</param>
/// <param name="Line">The line; null where there are bytes.</param>
/// <param name="Bytes">The bytes; null where there is a line.</param>
internal readonly record struct OutputPiece(OutputStream Stream, string? Line, byte[]? Bytes);
