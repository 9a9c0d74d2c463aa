using ContainerdPS.Images.Archives.Tar;

namespace ContainerdPS.Images;

/// <summary>A path by which two trees differ.</summary>
/// <param name="Path">The path, beginning with a slash.</param>
/// <param name="Change">What became of it.</param>
/// <param name="Entry">What is there now, or was there when it is gone.</param>
/// <param name="Before">What was there before; null when it is new.</param>
internal sealed record TreeChange(string Path, ContainerFileChangeKind Change, TarEntry Entry, TarEntry? Before);
