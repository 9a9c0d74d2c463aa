using Xunit;

namespace ContainerdPS.Tests.TaskIO;

/// <summary>A test of several cases that needs fifos; elsewhere it is skipped with that reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxTheoryAttribute : TheoryAttribute
{
    public LinuxTheoryAttribute()
    {
        // Nothing in these tests measures time; this is for a hang only.
        Timeout = 120_000;
        if (!OperatingSystem.IsLinux())
        {
            Skip = "Fifos are tried on Linux only.";
        }
    }
}
