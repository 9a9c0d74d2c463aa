namespace ContainerdPS.Commands;

/// <summary>
/// What a command is to mount at the folders it was given. A folder shows the files of one alone, and whether there is only
/// one is known when all input has come: until then nothing is mounted.
/// </summary>
internal sealed class MountsAtPath
{
    private const int MostNamed = 3;

    private readonly List<(string Path, List<(string What, Func<Task> Mount)> Wanted)> folders = [];

    /// <summary>The folders of which more is wanted than they can show, each with the error that says so.</summary>
    public IEnumerable<(string Path, ContainerdException Error)> Refused => folders.Where(static folder => folder.Wanted.Count > 1).Select(static folder => (folder.Path, Refusal(folder.Path, folder.Wanted)));

    /// <summary>Notes one.</summary>
    /// <param name="what">What a confirmation calls it.</param>
    /// <param name="path">The folder.</param>
    /// <param name="mount">Mounts it.</param>
    public void Add(string what, string path, Func<Task> mount)
    {
        int known = folders.FindIndex(folder => folder.Path == path);
        if (known < 0)
        {
            folders.Add((path, [(what, mount)]));
        }
        else
        {
            folders[known].Wanted.Add((what, mount));
        }
    }

    /// <summary>Mounts what has a folder to itself.</summary>
    public async Task MountAsync()
    {
        foreach ((_, List<(string What, Func<Task> Mount)> wanted) in folders)
        {
            if (wanted is [var only])
            {
                await only.Mount();
            }
        }
    }

    private static ContainerdException Refusal(string path, List<(string What, Func<Task> Mount)> wanted) => new(
        ContainerdErrorCode.InvalidArgument,
        $"Only one can be mounted at '{path}', and these are {wanted.Count}: {string.Join(", ", wanted.Take(MostNamed).Select(static mount => mount.What))}{(wanted.Count > MostNamed ? $" and {wanted.Count - MostNamed} more" : string.Empty)}. Nothing was mounted there. Give each a folder of its own, with a script block: -Path {{ \"/mnt/$($_.Name)\" }}; without -Path each is mounted at a new one.")
    {
        Reason = "AmbiguousPath",
    };
}
