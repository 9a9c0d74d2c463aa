using Xunit;

namespace ContainerdPS.Tests.Images;

/// <summary>A test that makes device nodes and owners, which only root can.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
        {
            Skip = "Needs root on Linux, to make device nodes and to give files away.";
        }
    }
}
