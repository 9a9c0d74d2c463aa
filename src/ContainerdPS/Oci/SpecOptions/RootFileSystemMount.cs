namespace ContainerdPS.Oci.SpecOptions;

/// <summary>A mount a snapshotter gives for a snapshot.</summary>
/// <param name="Type">Type of file system: <c>bind</c>, <c>overlay</c> and others.</param>
/// <param name="Source">Folder or device on the daemon's host.</param>
/// <param name="Options">Mount options, such as <c>lowerdir=A:B</c>.</param>
internal sealed record RootFileSystemMount(string Type, string Source, IReadOnlyList<string> Options);
