using Xunit;

namespace ContainerdPS.Tests.Files;

/// <summary>A test of Linux system calls.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
        {
            Skip = "Needs Linux: these are its system calls.";
        }
    }
}
