namespace ContainerdPS.TaskIO;

/// <summary>One line of a process's output, without its line end.</summary>
internal readonly record struct OutputLine(OutputStream Stream, string Text);
