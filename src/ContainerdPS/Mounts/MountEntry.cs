namespace ContainerdPS.Mounts;

/// <summary>One mount.</summary>
/// <param name="Id">The kernel's number of it, used again when it is gone.</param>
/// <param name="Root">What of its filesystem is mounted.</param>
/// <param name="Path">Where.</param>
/// <param name="Options">The options of this mount, such as <c>ro,nosuid</c>.</param>
/// <param name="Type">The type of the filesystem.</param>
/// <param name="SuperOptions">The options of the filesystem, such as <c>lowerdir=A:B</c>.</param>
internal sealed record MountEntry(int Id, string Root, string Path, string Options, string Type, string SuperOptions);
