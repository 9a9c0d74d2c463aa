using ContainerdPS.Oci;

namespace ContainerdPS.Containers;

/// <summary>Refuses specs that no runtime of runc's kind could ever run, before anything is made of them.</summary>
internal static class RunnableSpec
{
    private const string RuncRuntimes = "io.containerd.runc.";

    /// <exception cref="ContainerdException">The spec lacks what every container needs. Other runtimes may need less.</exception>
    public static RuntimeSpec Require(RuntimeSpec spec, string runtime, string id)
    {
        string? missing = !runtime.StartsWith(RuncRuntimes, StringComparison.Ordinal) ? null
            : spec.Process is null ? "no process"
            : spec.Process.Args is not { Count: > 0 } ? "no command (process.args)"
            : string.IsNullOrEmpty(spec.Process.Cwd) ? "no working directory (process.cwd)"
            : spec.Root is null ? "no root filesystem (root)"
            : null;
        return missing is null ? spec : throw new ContainerdException(
            ContainerdErrorCode.InvalidArgument,
            $"The spec for the container '{id}' has {missing}, so that it could never be run by {runtime}, and nothing was made. Begin with the spec of a container that runs, from Get-ContainerSpec, or have a script block change the one that is made of -Image.") { Reason = "InvalidSpec" };
    }
}
