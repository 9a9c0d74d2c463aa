using System.Collections.ObjectModel;
using System.Management.Automation;
using ContainerdPS.Containers.Copying;
using ContainerdPS.Files;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>One source of a copy.</summary>
/// <param name="End">Where it is.</param>
/// <param name="Pattern">The parts of its path where it is a pattern in a container; null where it is a path.</param>
internal sealed record CopySource(CopyEnd End, IReadOnlyList<PathPattern.Part>? Pattern);

/// <summary>Reads the ends of a copy as users write them: CONTAINER:PATH, a path of this machine, or a path and a container beside it.</summary>
internal sealed class CopyEnds(PSCmdlet cmdlet, Func<ContainerReference?, IReadOnlyList<NamespaceClient>> clients)
{
    /// <summary>What a source stands for.</summary>
    /// <param name="text">The path.</param>
    /// <param name="containers">The containers given beside it; null where none are.</param>
    /// <param name="mayBeText">Whether the path may name a container itself.</param>
    /// <param name="isLiteral">Whether wildcards are parts of names.</param>
    /// <param name="hidden">Whether wildcards fit names that begin with a dot.</param>
    public IReadOnlyList<CopySource> Sources(string text, ContainerReference[]? containers, bool mayBeText, bool isLiteral, bool hidden)
    {
        string path = text;
        if (containers is null && mayBeText && SplitContainer(text) is { } split)
        {
            (containers, path) = ([new ContainerReference(split.Container)], split.Path);
        }

        if (containers is null)
        {
            return [.. LocalPaths(text, isLiteral, hidden).Select(static local => new CopySource(new CopyEnd(null, null, local), null))];
        }

        bool isPattern = !isLiteral && WildcardPattern.ContainsWildcardCharacters(path);
        IReadOnlyList<PathPattern.Part>? parts = isPattern ? Parts(path, hidden) : null;
        ItemPath item = ItemPath.InContainer(isLiteral || isPattern ? path : WildcardPattern.Unescape(path));
        return [.. InContainers(containers, item).Select(end => new CopySource(end, parts))];
    }

    /// <summary>The places a destination stands for; null is the current location.</summary>
    public IReadOnlyList<CopyEnd> Destinations(string? text, ContainerReference[]? containers, bool mayBeText)
    {
        if (containers is not null)
        {
            return [.. InContainers(containers, ItemPath.InContainer(text ?? throw CopyErrors.Make(
                ContainerdErrorCode.InvalidArgument, "DestinationRequired", "It is not said where in the container to copy to. Give -Destination, such as -Destination /srv/.")))];
        }

        if (text is null)
        {
            string here = cmdlet.SessionState.Path.CurrentFileSystemLocation.ProviderPath;
            return [new CopyEnd(null, null, ItemPath.OnThisMachine(here, here) with { IsContents = true })];
        }

        return mayBeText && SplitContainer(text) is { } split
            ? [.. InContainers([new ContainerReference(split.Container)], ItemPath.InContainer(split.Path))]
            : [new CopyEnd(null, null, ItemPath.OnThisMachine(LocalPath(text), text))];
    }

    /// <summary>
    /// Parts CONTAINER:PATH; null where it is a path of this machine: one that begins with a slash, a dot or a tilde, a
    /// provider's (FileSystem::x), or on a drive of the shell (Temp:/x).
    /// </summary>
    public static (string Container, string Path)? SplitContainer(string text, SessionState session)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || !Identifiers.IsValid(text[..colon]) || text[(colon + 1)..].StartsWith(':'))
        {
            return null;
        }

        return session.Drive.GetAll().Any(drive => drive.Name.Equals(text[..colon], StringComparison.OrdinalIgnoreCase)) ? null : (text[..colon], text[(colon + 1)..]);
    }

    private (string Container, string Path)? SplitContainer(string text) => SplitContainer(text, cmdlet.SessionState);

    private IEnumerable<CopyEnd> InContainers(ContainerReference[] containers, ItemPath path) =>
        containers.SelectMany(container => clients(container).Select(client => new CopyEnd(client, container.Id, path)));

    private IEnumerable<ItemPath> LocalPaths(string text, bool isLiteral, bool hidden)
    {
        if (isLiteral || !WildcardPattern.ContainsWildcardCharacters(text))
        {
            return [ItemPath.OnThisMachine(LocalPath(isLiteral ? text : WildcardPattern.Unescape(text)), text)];
        }

        Collection<string> found = [];
        try
        {
            found = cmdlet.SessionState.Path.GetResolvedProviderPathFromPSPath(text, out ProviderInfo provider);
            RefuseOther(provider, text);
        }
        catch (ItemNotFoundException)
        {
            // A folder on the way is not there; a pattern that fits nothing in its folder is no error to the provider.
        }

        return found.Count > 0
            ? found.Select(static path => ItemPath.OnThisMachine(path, path))
            : throw CopyErrors.Make(ContainerdErrorCode.NotFound, "PathNotFound", $"Nothing fits '{text}'.{(hidden ? string.Empty : " -LiteralPath takes *, ? and [ as they are.")}");
    }

    private string LocalPath(string text)
    {
        try
        {
            string path = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(text, out ProviderInfo provider, out _);
            RefuseOther(provider, text);
            return path;
        }
        catch (Exception e) when (e is System.Management.Automation.DriveNotFoundException or ProviderNotFoundException)
        {
            throw new ContainerdException(
                ContainerdErrorCode.InvalidArgument,
                $"'{text}' names neither a path of this machine nor a container: {e.Message} Container ids have letters, digits, and single '.', '_' or '-' between them.",
                e) { Reason = "InvalidPath" };
        }
    }

    private static void RefuseOther(ProviderInfo provider, string text)
    {
        if (provider.Name != "FileSystem")
        {
            throw CopyErrors.Make(ContainerdErrorCode.InvalidArgument, "InvalidPath", $"'{text}' is a path of the provider {provider.Name}, and only files are copied.");
        }
    }

    private static List<PathPattern.Part> Parts(string path, bool hidden)
    {
        var parts = new List<PathPattern.Part>();
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (WildcardPattern.ContainsWildcardCharacters(part))
            {
                WildcardPattern pattern = WildcardPattern.Get(part, WildcardOptions.None);
                parts.Add(new PathPattern.Part(null, name => NamePatterns.IsMatch(pattern, name, path, "-LiteralPath takes *, ? and [ as they are."), hidden || part.StartsWith('.')));
            }
            else if (part != ".")
            {
                parts.Add(new PathPattern.Part(WildcardPattern.Unescape(part), null, hidden));
            }
        }

        return parts;
    }
}
