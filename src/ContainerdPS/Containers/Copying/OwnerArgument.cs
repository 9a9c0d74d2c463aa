using ContainerdPS.Files;
using ContainerdPS.Native;
using ContainerdPS.Oci.SpecOptions;
using Microsoft.Win32.SafeHandles;

namespace ContainerdPS.Containers.Copying;

/// <summary>Finds the user and group that files are to belong to, by number or by the names at their destination.</summary>
internal static class OwnerArgument
{
    /// <summary>Reads <c>name</c>, <c>uid</c>, <c>name:group</c>, <c>uid:gid</c> and their mixtures; without a group it is the user's own.</summary>
    public static (uint User, uint Group) Resolve(string text, FileRoot root)
    {
        string[] parts = text.Split(':');
        if (parts.Length > 2 || parts[0].Length == 0 || (parts.Length == 2 && parts[1].Length == 0))
        {
            throw Invalid($"'{text}' is no owner. Give name, uid, name:group or uid:gid.");
        }

        bool hasUser = UserDatabase.TryId(parts[0], out uint user);
        uint group = 0;
        bool hasGroup = parts.Length == 2 && UserDatabase.TryId(parts[1], out group);
        if (hasUser && hasGroup)
        {
            return (user, group);
        }

        UserDatabase database = UserDatabase.Read(new Accounts(root));
        string where = root.Container is null ? "of this machine" : $"of the container '{root.Container}'";
        UserDatabase.User? account = database.Users.FirstOrDefault(candidate => hasUser ? candidate.Uid == user : candidate.Name == parts[0]);
        if (!hasUser)
        {
            user = account?.Uid ?? throw Invalid($"The user '{parts[0]}' is not in /etc/passwd {where}. Give one that is, or numbers (uid:gid).");
        }

        return parts.Length == 1
            ? (user, account?.Gid ?? user)
            : (user, hasGroup ? group : database.Groups.FirstOrDefault(candidate => candidate.Name == parts[1])?.Gid
                ?? throw Invalid($"The group '{parts[1]}' is not in /etc/group {where}. Give one that is, or its number."));
    }

    private static ContainerdException Invalid(string message) => CopyErrors.Make(ContainerdErrorCode.InvalidArgument, "InvalidOwner", message);

    private sealed class Accounts(FileRoot root) : IRootFileSystem
    {
        public Stream? OpenRead(string path)
        {
            using FileItem? item = root.Find(path, followLast: true, out _);
            SafeFileHandle? content = item is { Status.IsRegular: true } ? item.OpenContent(out _) : null;
            return content is null ? null : new FileStream(content, FileAccess.Read);
        }
    }
}
