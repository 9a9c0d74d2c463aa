namespace ContainerdPS.Commands;

/// <summary>
/// What a command is to mount at the folder it was given. A folder shows the files of one alone, and whether there is only
/// one is known when all input has come: until then nothing is mounted.
/// </summary>
internal sealed class MountsAtPath
{
    private const int MostNamed = 3;

    private readonly List<(string What, Func<Task> Mount)> wanted = [];

    /// <summary>The folder; null as long as nothing is to be mounted.</summary>
    public string? Path { get; private set; }

    /// <summary>Why nothing is mounted; null where nothing is against it.</summary>
    public ContainerdException? Refusal => wanted.Count <= 1 ? null : new ContainerdException(
        ContainerdErrorCode.InvalidArgument,
        $"Only one can be mounted at '{Path}', and these are {wanted.Count}: {string.Join(", ", wanted.Take(MostNamed).Select(static mount => mount.What))}{(wanted.Count > MostNamed ? $" and {wanted.Count - MostNamed} more" : string.Empty)}. Nothing was mounted. Give each a folder of its own, with ForEach-Object; without -Path each is mounted at a new one.")
    {
        Reason = "AmbiguousPath",
    };

    /// <summary>Notes one.</summary>
    /// <param name="what">What a confirmation calls it.</param>
    /// <param name="path">The folder.</param>
    /// <param name="mount">Mounts it.</param>
    public void Add(string what, string path, Func<Task> mount)
    {
        Path = path;
        wanted.Add((what, mount));
    }

    /// <summary>Mounts what there is.</summary>
    public Task MountAsync() => wanted is [var only] ? only.Mount() : Task.CompletedTask;
}
