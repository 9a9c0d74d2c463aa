using ContainerdPS.Files;
using ContainerdPS.Services;

namespace ContainerdPS.Containers.Copying;

/// <summary>One end of a copy: a path in a container, or on this machine.</summary>
/// <param name="Client">The client for the container's daemon and namespace; null for this machine.</param>
/// <param name="Container">The container's id; null for this machine.</param>
/// <param name="Path">The path.</param>
internal sealed record CopyEnd(NamespaceClient? Client, string? Container, ItemPath Path)
{
    /// <summary>Such as <c>web:/etc</c>, or a path.</summary>
    public override string ToString() => Container is null ? Path.FullName : $"{Container}:{Path.FullName}";
}
