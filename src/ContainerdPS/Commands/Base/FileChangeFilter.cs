namespace ContainerdPS.Commands;

/// <summary>Which differences of two trees are wanted: by what became of a path, and by the path.</summary>
internal sealed class FileChangeFilter(IReadOnlyList<ContainerFileChangeKind>? kinds, IReadOnlyList<string>? paths)
{
    private readonly Func<string, bool> wanted = paths is null ? static _ => true : NamePatterns.Any(paths, ignoreCase: false);

    public List<T> Of<T>(IEnumerable<T> changes)
        where T : ContainerdFileChange => [.. changes.Where(change => (kinds is null || kinds.Contains(change.Change)) && wanted(change.Path))];
}
