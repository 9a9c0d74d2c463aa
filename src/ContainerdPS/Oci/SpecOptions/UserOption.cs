namespace ContainerdPS.Oci.SpecOptions;

/// <summary>
/// The user a process runs as. Names are looked up in the container's own root file system; the user's further groups
/// come from its /etc/group, and the primary group is always among them, so that dropping it later gives no rights.
/// </summary>
internal static class UserOption
{
    /// <summary>Sets user, primary and further groups.</summary>
    /// <param name="process">The process.</param>
    /// <param name="text">Nothing (root), <c>name</c>, <c>uid</c>, <c>name:group</c>, <c>uid:gid</c> or <c>uid:group</c>.</param>
    /// <param name="root">The root file system; null when it cannot be looked into, which leaves numbers only.</param>
    /// <exception cref="ContainerdException">The text is no user, or the root file system does not know the name.</exception>
    public static void Apply(SpecProcess process, string? text, IRootFileSystem? root)
    {
        string wanted = string.IsNullOrEmpty(text) ? "0" : text;
        string[] parts = Parts(wanted);
        string userPart = parts[0];
        string groupPart = parts.Length == 2 ? parts[1] : "";
        bool uidGiven = UserDatabase.TryId(userPart, out uint uid);
        bool gidGiven = UserDatabase.TryId(groupPart, out uint gid);
        // Where both ids are known, files that cannot be read cost only the further groups.
        UserDatabase? database = ReadAccounts(root, required: !(uidGiven && (gidGiven || uid == 0 && groupPart.Length == 0)));

        UserDatabase.User? user;
        if (uidGiven)
        {
            user = Find(database?.Users, candidate => candidate.Uid == uid);
        }
        else
        {
            RefuseNumber(userPart, "user");
            user = Find((database ?? throw NeedsRoot("user", userPart)).Users, candidate => candidate.Name == userPart)
                ?? throw Invalid($"The user '{userPart}' is not in /etc/passwd of the container's root file system. Give a user it has, or numbers (uid:gid).");
            uid = user.Uid;
        }

        if (groupPart.Length == 0)
        {
            gid = user?.Gid ?? 0;
        }
        else if (!gidGiven)
        {
            RefuseNumber(groupPart, "group");
            gid = Find((database ?? throw NeedsRoot("group", groupPart)).Groups, candidate => candidate.Name == groupPart)?.Gid
                ?? throw Invalid($"The group '{groupPart}' is not in /etc/group of the container's root file system. Give a group it has, or its number.");
        }

        // An account is known by name in /etc/group; root is a member there also where /etc/passwd is missing.
        string? account = user?.Name ?? (uid == 0 ? "root" : null);
        process.User ??= new SpecUser();
        process.User.Uid = uid;
        process.User.Gid = gid;
        process.User.Username = null;
        process.User.AdditionalGids = FurtherGroups(database, account, gid);
    }

    /// <summary>Refuses what no root file system could make a user of; nothing at all is root.</summary>
    /// <returns>The text.</returns>
    public static string? Validated(string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            Parts(text);
        }

        return text;
    }

    private static string[] Parts(string text)
    {
        string[] parts = text.Split(':');
        return parts.Length <= 2 && parts[0].Length > 0 && !text.Any(char.IsWhiteSpace) ? parts : throw Invalid($"'{text}' is not a user; a user is name, uid, name:group or uid:gid.");
    }

    private static UserDatabase? ReadAccounts(IRootFileSystem? root, bool required)
    {
        try
        {
            return root is null ? null : UserDatabase.Read(root);
        }
        catch (ContainerdException) when (!required)
        {
            return null;
        }
    }

    private static List<uint> FurtherGroups(UserDatabase? database, string? account, uint gid)
    {
        var gids = new List<uint>();
        foreach (UserDatabase.Group group in database?.Groups ?? [])
        {
            // A group called like the user is the user's own, not a further one.
            if (account is not null && group.Name != account && group.Members.Contains(account) && !gids.Contains(group.Gid))
            {
                gids.Add(group.Gid);
            }
        }

        if (!gids.Contains(gid))
        {
            gids.Insert(0, gid);
        }

        return gids;
    }

    private static T? Find<T>(IReadOnlyList<T>? list, Func<T, bool> fits)
        where T : class => list?.FirstOrDefault(fits);

    // "-1" or "99999999999" is a number that went wrong, not a name somebody forgot to create.
    private static void RefuseNumber(string text, string what)
    {
        string digits = text.StartsWith('-') ? text[1..] : text;
        if (digits.Length > 0 && digits.All(char.IsAsciiDigit))
        {
            throw Invalid($"The {what} id {text} is outside 0 to {uint.MaxValue - 1}.");
        }
    }

    private static ContainerdException NeedsRoot(string what, string name) => Invalid(
        $"The {what} '{name}' is a name, and there is no root file system to look it up in. Give numbers (uid:gid).");

    private static ContainerdException Invalid(string message) => new(ContainerdErrorCode.InvalidArgument, message) { Reason = "InvalidUser" };
}
