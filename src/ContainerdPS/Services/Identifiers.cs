namespace ContainerdPS.Services;

/// <summary>What containerd accepts as an id or a label, said before the daemon is asked.</summary>
internal static class Identifiers
{
    private const int MaxLength = 76;
    private const int MaxLabel = 4096;

    /// <summary>Gives the id back when it is one: letters and digits, single <c>.</c> <c>_</c> or <c>-</c> between them.</summary>
    public static string Validated(string kind, string id)
    {
        if (id.Length == 0)
        {
            throw Invalid(kind, id, $"The {kind}'s name is empty.");
        }

        if (id.Length > MaxLength)
        {
            throw Invalid(kind, id, $"The {kind} name '{id[..20]}...' has {id.Length} characters, and at most {MaxLength} are allowed.");
        }

        return IsWellFormed(id) ? id : throw Malformed(kind, id);
    }

    /// <summary>Whether a text can be an id.</summary>
    public static bool IsValid(string id) => id.Length is > 0 and <= MaxLength && IsWellFormed(id);

    /// <summary>Gives the digest back when it is one.</summary>
    public static string ValidatedDigest(string digest) => Oci.Image.Digest.IsValid(digest)
        ? digest
        : throw new ContainerdException(
            ContainerdErrorCode.InvalidArgument,
            $"'{(digest.Length > 100 ? digest[..100] + "..." : digest)}' is not a digest: sha256: and 64 hexadecimal digits in lower case. The first six or more will do where only one blob has them; Get-ContainerdContent shows those there are.")
        {
            Reason = "InvalidDigest",
            ObjectKind = ObjectKinds.Blob,
            ObjectId = digest,
        };

    /// <summary>Checks a label's key and the length of both.</summary>
    public static void ValidateLabel(string key, string value)
    {
        if (key.Length == 0)
        {
            throw new ContainerdException(ContainerdErrorCode.InvalidArgument, "A label's key is empty. Give labels as @{ 'key' = 'value' }.") { Reason = "InvalidLabel" };
        }

        int length = System.Text.Encoding.UTF8.GetByteCount(key) + System.Text.Encoding.UTF8.GetByteCount(value);
        if (length > MaxLabel)
        {
            throw new ContainerdException(
                ContainerdErrorCode.InvalidArgument,
                $"The label '{(key.Length > 64 ? key[..64] + "..." : key)}' has {length} bytes in key and value together, and containerd allows {MaxLabel}. Keep large data in a file or a blob and its name in the label.") { Reason = "LabelTooLong" };
        }
    }

    /// <summary>Labels as the daemon takes them, each checked; none for null.</summary>
    public static IReadOnlyDictionary<string, string> ValidatedLabels(IReadOnlyDictionary<string, string?>? labels)
    {
        var checkedLabels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string key, string? value) in labels ?? new Dictionary<string, string?>())
        {
            ValidateLabel(key, value ?? string.Empty);
            checkedLabels[key] = value ?? string.Empty;
        }

        return checkedLabels;
    }

    private static bool IsWellFormed(string id)
    {
        bool separator = true;
        foreach (char c in id)
        {
            bool alphanumeric = char.IsAsciiLetterOrDigit(c);
            if (!alphanumeric && (separator || c is not ('.' or '_' or '-')))
            {
                return false;
            }

            separator = !alphanumeric;
        }

        return !separator;
    }

    private static ContainerdException Malformed(string kind, string id) => Invalid(
        kind,
        id,
        $"'{id}' cannot be the name of a {kind}: letters, digits, and single '.', '_' or '-' between them are allowed{(id.AsSpan().IndexOfAny('*', '?') >= 0 ? ". Wildcards are for reading; pipe what Get-Container finds" : string.Empty)}.");

    private static ContainerdException Invalid(string kind, string id, string message) =>
        new(ContainerdErrorCode.InvalidArgument, message) { Reason = "InvalidId", ObjectKind = kind, ObjectId = id };
}
