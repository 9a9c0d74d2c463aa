using Xunit;

namespace ContainerdPS.Tests.Oci;

/// <summary>A test that makes device nodes or trusted attributes, which only root may.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Skip = "Needs root: it makes device nodes and trusted extended attributes.";
        }
    }
}
