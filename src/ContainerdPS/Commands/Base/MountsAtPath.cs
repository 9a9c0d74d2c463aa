namespace ContainerdPS.Commands;

/// <summary>
/// What a command is to mount at the folders it was given. A folder shows the files of one alone, and whether there is only
/// one is known when all input has come: until then nothing is mounted.
/// </summary>
internal sealed class MountsAtPath
{
    private const int MostNamed = 3;

    private readonly List<(string Path, string What, Func<Task> Mount)> wanted = [];

    /// <summary>Notes one.</summary>
    /// <param name="what">What a confirmation calls it.</param>
    /// <param name="path">The folder.</param>
    /// <param name="mount">Mounts it.</param>
    public void Add(string what, string path, Func<Task> mount) => wanted.Add((path, what, mount));

    /// <summary>Refuses the folders of which more is wanted than they can show, then mounts what has one to itself.</summary>
    /// <param name="refuse">Told of each such folder and the error that says so.</param>
    public async Task MountAsync(Action<string, ContainerdException> refuse)
    {
        var folders = wanted.GroupBy(static one => one.Path, StringComparer.Ordinal).Select(static folder => folder.ToArray()).ToArray();
        foreach (var folder in folders.Where(static folder => folder.Length > 1))
        {
            refuse(folder[0].Path, Refusal(folder[0].Path, Array.ConvertAll(folder, static one => one.What)));
        }

        foreach (var folder in folders.Where(static folder => folder.Length == 1))
        {
            await folder[0].Mount();
        }
    }

    private static ContainerdException Refusal(string path, string[] what) => new(
        ContainerdErrorCode.InvalidArgument,
        $"Only one can be mounted at '{path}', and these are {what.Length}: {string.Join(", ", what.Take(MostNamed))}{(what.Length > MostNamed ? $" and {what.Length - MostNamed} more" : string.Empty)}. Nothing was mounted there. Give each a folder of its own, with a script block: -Path {{ \"/mnt/$($_.Name)\" }}; without -Path each is mounted at a new one.")
    {
        Reason = "AmbiguousPath",
    };
}
