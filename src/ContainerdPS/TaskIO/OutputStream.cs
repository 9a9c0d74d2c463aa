namespace ContainerdPS.TaskIO;

/// <summary>Which of its two outputs a process wrote to.</summary>
internal enum OutputStream
{
    Output,
    Error,
}
