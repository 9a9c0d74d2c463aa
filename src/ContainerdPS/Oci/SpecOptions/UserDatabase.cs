using System.Globalization;

namespace ContainerdPS.Oci.SpecOptions;

/// <summary>Users and groups of a container's root file system, from its /etc/passwd and /etc/group.</summary>
internal sealed class UserDatabase
{
    // Far beyond any real file; an image's file may be made to fill our memory.
    private const long LargestFile = 16 * 1024 * 1024;

    private UserDatabase(IReadOnlyList<User> users, IReadOnlyList<Group> groups)
    {
        Users = users;
        Groups = groups;
    }

    public IReadOnlyList<User> Users { get; }

    public IReadOnlyList<Group> Groups { get; }

    /// <param name="Name">The name.</param>
    /// <param name="Uid">The user's id.</param>
    /// <param name="Gid">The id of the user's own group.</param>
    /// <param name="Shell">The program the user works in; empty where none is named.</param>
    internal sealed record User(string Name, uint Uid, uint Gid, string Shell);

    internal sealed record Group(string Name, uint Gid, IReadOnlyList<string> Members);

    /// <summary>Reads both files; one that is not there is empty. Lines that are not well-formed are passed over.</summary>
    public static UserDatabase Read(IRootFileSystem root)
    {
        var users = new List<User>();
        foreach (string[] field in ReadLines(root, "/etc/passwd"))
        {
            if (field.Length >= 4 && TryId(field[2], out uint uid) && TryId(field[3], out uint gid))
            {
                users.Add(new User(field[0], uid, gid, field.Length > 6 ? field[6] : ""));
            }
        }

        var groups = new List<Group>();
        foreach (string[] field in ReadLines(root, "/etc/group"))
        {
            if (field.Length >= 3 && TryId(field[2], out uint gid))
            {
                string members = field.Length > 3 ? field[3] : "";
                groups.Add(new Group(field[0], gid, members.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));
            }
        }

        return new UserDatabase(users, groups);
    }

    /// <summary>Reads a numeric user or group id. The largest 32-bit number means "no id" to the kernel and is none.</summary>
    public static bool TryId(string text, out uint id) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id) && id != uint.MaxValue;

    private static IEnumerable<string[]> ReadLines(IRootFileSystem root, string path)
    {
        using Stream? stream = root.OpenRead(path);
        if (stream is null)
        {
            yield break;
        }

        if (stream.Length > LargestFile)
        {
            throw new ContainerdException(
                ContainerdErrorCode.ResourceExhausted,
                $"'{path}' in the container's root file system has {stream.Length} bytes; more than {LargestFile} are not read. Give the user as numbers (uid:gid).");
        }

        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            line = line.Trim();
            if (line.Length > 0 && line[0] != '#')
            {
                yield return line.Split(':');
            }
        }
    }
}
