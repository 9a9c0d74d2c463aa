namespace ContainerdPS.Files;

/// <summary>A path as it was given for a copy: where it leads and what its end asks for.</summary>
/// <param name="FullName">The absolute path, without a slash at its end.</param>
/// <param name="MustBeFolder">It ended in a slash: only a folder will do.</param>
/// <param name="IsContents">It ended in <c>/.</c>, <c>..</c> or is the root: what the folder holds is meant, not the folder.</param>
internal sealed record ItemPath(string FullName, bool MustBeFolder, bool IsContents)
{
    /// <summary>The last part; empty where it names none.</summary>
    public string Name => IsContents ? string.Empty : FullName[(FullName.LastIndexOf('/') + 1)..];

    /// <summary>The path above the last part.</summary>
    public string Parent => FullName.LastIndexOf('/') is > 0 and int slash ? FullName[..slash] : "/";

    /// <summary>Reads a path in a container; one without a slash at its beginning starts at the root too.</summary>
    public static ItemPath InContainer(string text)
    {
        string[] parts = Array.FindAll(text.Split('/'), static part => part is not ("" or "."));
        return new ItemPath("/" + string.Join('/', parts), text.EndsWith('/'), EndsInFolder(text) || parts.Length == 0 || parts[^1] == "..");
    }

    /// <summary>Takes a path of this machine that the shell has made absolute, with the end it was given with.</summary>
    public static ItemPath OnThisMachine(string fullName, string given)
    {
        string trimmed = fullName.Length > 1 ? fullName.TrimEnd('/') : fullName;
        return new ItemPath(trimmed.Length == 0 ? "/" : trimmed, given.EndsWith('/'), EndsInFolder(given) || trimmed is "" or "/" || given == ".." || given.EndsWith("/..", StringComparison.Ordinal));
    }

    /// <summary>A path and a name below it.</summary>
    public static string Join(string folder, string name) => folder.EndsWith('/') ? folder + name : $"{folder}/{name}";

    private static bool EndsInFolder(string text) => text == "." || text.EndsWith("/.", StringComparison.Ordinal);
}
