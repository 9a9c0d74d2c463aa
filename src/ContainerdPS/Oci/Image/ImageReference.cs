namespace ContainerdPS.Oci.Image;

/// <summary>
/// The name of an image: a registry, a repository, and a tag, a digest or both. Short names are completed the way
/// Docker does: <c>alpine</c> is <c>docker.io/library/alpine:latest</c>.
/// </summary>
internal sealed record ImageReference
{
    private const string DefaultDomain = "docker.io";
    private const string OfficialPrefix = "library/";
    private const int LongestName = 255;
    private const int LongestTag = 128;

    private ImageReference(string domain, string path, string? tag, string? digest)
    {
        Domain = domain;
        Path = path;
        Tag = tag;
        Digest = digest;
    }

    /// <summary>Host of the registry, with its port if one was given.</summary>
    public string Domain { get; }

    /// <summary>Path of the repository on the registry.</summary>
    public string Path { get; }

    public string? Tag { get; }

    public string? Digest { get; }

    /// <summary>Registry and repository without tag and digest.</summary>
    public string Name => $"{Domain}/{Path}";

    /// <summary>The shortest text that means the same image, as people write it.</summary>
    public string Familiar
    {
        get
        {
            string name = Name;
            if (Domain == DefaultDomain)
            {
                name = Path.StartsWith(OfficialPrefix, StringComparison.Ordinal) && Path.IndexOf('/', OfficialPrefix.Length) < 0
                    ? Path[OfficialPrefix.Length..]
                    : Path;
            }

            return Suffixed(name);
        }
    }

    /// <summary>Reads a name as users write it and completes it; a name without tag and digest gets the tag <c>latest</c>.</summary>
    /// <exception cref="ContainerdException">The text is no image name; the message says which part is wrong.</exception>
    public static ImageReference Parse(string text)
    {
        string rest = text ?? "";
        Require(rest.Length > 0, text, "it is empty");
        Require(!rest.Any(char.IsWhiteSpace), text, "it contains white space");
        int scheme = SchemeLength(rest);
        Require(scheme == 0, text, $"it starts with a scheme; leave out {rest[..scheme]}");
        Require(UserInfo(rest) is not { } user || rest.IndexOf('/', user.End.Value) < 0, text, "it says who you are; leave out what is before the '@'. Receive-ContainerImage and Send-ContainerImage take -Credential");

        string? digest = null;
        int at = rest.IndexOf('@', StringComparison.Ordinal);
        if (at >= 0)
        {
            digest = rest[(at + 1)..];
            rest = rest[..at];
            Require(Image.Digest.IsValid(digest), text, $"'{digest}' is not a digest (sha256: and 64 hexadecimal digits)");
        }

        Require(rest.Length != 64 || !rest.All(char.IsAsciiHexDigitLower), text, "64 hexadecimal digits alone are an id, not a name");

        (string domain, string path) = SplitDomain(rest);
        string? tag = null;
        int colon = path.LastIndexOf(':');
        if (colon > path.LastIndexOf('/'))
        {
            tag = path[(colon + 1)..];
            path = path[..colon];
            Require(IsTag(tag), text, $"'{tag}' is not a tag (1 to {LongestTag} letters, digits, '_', '.' and '-', not starting with '.' or '-')");
        }

        Require(IsDomain(domain), text, $"'{domain}' is not a registry host");
        Require(path.Length > 0, text, "it names no repository");
        Require(!path.Any(char.IsAsciiLetterUpper), text, $"the repository '{path}' has capital letters; they must be small");
        foreach (string component in path.Split('/'))
        {
            Require(IsPathComponent(component), text, $"'{component}' is not a part of a repository name (small letters and digits, parted by '.', '_', '__' or '-')");
        }

        if (domain is "index.docker.io")
        {
            domain = DefaultDomain;
        }

        if (domain == DefaultDomain && !path.Contains('/', StringComparison.Ordinal))
        {
            path = OfficialPrefix + path;
        }

        Require(domain.Length + 1 + path.Length <= LongestName, text, $"the name is longer than {LongestName} characters");
        return new ImageReference(domain, path, tag is null && digest is null ? "latest" : tag, digest);
    }

    public static bool TryParse(string text, out ImageReference? reference)
    {
        try
        {
            reference = Parse(text);
            return true;
        }
        catch (ContainerdException)
        {
            reference = null;
            return false;
        }
    }

    /// <summary>The whole name, as containerd keeps it.</summary>
    public override string ToString() => Suffixed(Name);

    private string Suffixed(string name) => $"{name}{(Tag is null ? "" : ":" + Tag)}{(Digest is null ? "" : "@" + Digest)}";

    private static (string Domain, string Path) SplitDomain(string name)
    {
        int slash = name.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            return (DefaultDomain, name);
        }

        string first = name[..slash];
        // Without a dot, a port or a capital letter the first part is a user's name on Docker Hub, not a host.
        bool isHost = first == "localhost" || first.AsSpan().ContainsAny('.', ':', '[') || first.Any(char.IsAsciiLetterUpper);
        return isHost ? (first, name[(slash + 1)..]) : (DefaultDomain, name);
    }

    private static bool IsDomain(string domain)
    {
        string host = domain;
        int bracket = domain.IndexOf(']', StringComparison.Ordinal);
        int colon = domain.IndexOf(':', bracket + 1);
        if (colon >= 0)
        {
            string port = domain[(colon + 1)..];
            if (!ushort.TryParse(port, System.Globalization.NumberStyles.None, null, out _))
            {
                return false;
            }

            host = domain[..colon];
        }

        if (host.StartsWith('['))
        {
            return host.EndsWith(']')
                && System.Net.IPAddress.TryParse(host.AsSpan(1, host.Length - 2), out System.Net.IPAddress? address)
                && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        }

        foreach (string label in host.Split('.'))
        {
            if (label.Length == 0 || label[0] == '-' || label[^1] == '-' || !label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsTag(string tag) =>
        tag.Length is > 0 and <= LongestTag
        && (char.IsAsciiLetterOrDigit(tag[0]) || tag[0] == '_')
        && tag.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');

    private static bool IsPathComponent(string part)
    {
        if (part.Length == 0 || !IsAlphanumeric(part[0]) || !IsAlphanumeric(part[^1]))
        {
            return false;
        }

        for (int i = 0; i < part.Length;)
        {
            int start = i;
            while (!IsAlphanumeric(part[i]))
            {
                i++;
            }

            ReadOnlySpan<char> separator = part.AsSpan(start, i - start);
            if (separator is not ("" or "." or "_" or "__") && separator.ContainsAnyExcept('-'))
            {
                return false;
            }

            i++;
        }

        return true;

        static bool IsAlphanumeric(char c) => char.IsAsciiDigit(c) || char.IsAsciiLetterLower(c);
    }

    /// <summary>The length of a scheme with what parts it from the host, which is all before <c>://</c>.</summary>
    private static int SchemeLength(string text) => text.IndexOf("://", StringComparison.Ordinal) is >= 0 and var at ? at + 3 : 0;

    /// <summary>Where a text says who somebody is to a host, perhaps with a password; null where it does not.</summary>
    private static Range? UserInfo(string text)
    {
        int start = SchemeLength(text);
        int end = text.LastIndexOf('@');
        if (end > 0 && text.AsSpan(end + 1).StartsWith("sha256:", StringComparison.Ordinal))
        {
            end = text.LastIndexOf('@', end - 1);
        }

        return end >= start && (start > 0 || text.IndexOf('/', end) >= 0 || text.AsSpan(0, end).Contains(':')) ? start..end : null;
    }

    /// <summary>A text without who somebody is.</summary>
    private static string? Shown(string? text) => text is not null && UserInfo(text) is { } user ? $"{text[..user.Start]}…{text[user.End..]}" : text;

    private static void Require(bool holds, string? text, string why)
    {
        if (!holds)
        {
            throw new ContainerdException(ContainerdErrorCode.InvalidArgument, $"'{Shown(text)}' is not the name of an image: {why}.") { Reason = "InvalidImageName" };
        }
    }
}
