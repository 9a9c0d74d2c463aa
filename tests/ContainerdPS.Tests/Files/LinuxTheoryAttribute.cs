using Xunit;

namespace ContainerdPS.Tests.Files;

/// <summary>A test of Linux system calls, with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxTheoryAttribute : TheoryAttribute
{
    public LinuxTheoryAttribute()
    {
        if (!OperatingSystem.IsLinux())
        {
            Skip = "Needs Linux: these are its system calls.";
        }
    }
}
