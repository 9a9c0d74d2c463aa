using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ContainerdPS.Containers.Roots;
using ContainerdPS.Files;
using ContainerdPS.Services;

namespace ContainerdPS.Completion;

/// <summary>
/// Completes the ends of a copy: paths in a running container (CONTAINER:PATH, or PATH where the container is given
/// beside it), else the containers there are and the files of this machine.
/// </summary>
internal sealed class ContainerPathCompleter : DaemonCompleter
{
    private const int MostNames = 1000;

    public override IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        bool isDestination = parameterName == "Destination";
        string? own = First(fakeBoundParameters, isDestination ? "ToContainer" : "FromContainer");
        string? other = First(fakeBoundParameters, isDestination ? "FromContainer" : "ToContainer");
        var found = new List<CompletionResult>();
        if (own is not null || other is null)
        {
            // Whichever of the two it is for, the container is found here under one name.
            found.AddRange(base.CompleteArgument(commandName, parameterName, wordToComplete, commandAst, new Hashtable(fakeBoundParameters) { ["Container"] = own }));
        }

        if (own is null && (found.Count == 0 || SplitContainer(wordToComplete.Trim('\'', '"')) is null))
        {
            found.AddRange(CompletionCompleters.CompleteFilename(wordToComplete));
        }

        return found;
    }

    protected override Task<IReadOnlyList<(string Text, string ToolTip)>> CandidatesAsync(
        NamespaceClient client, string word, IDictionary bound, CancellationToken cancellationToken) =>
        bound["Container"] is string container ? PathsAsync(client, container, string.Empty, word, cancellationToken)
        : SplitContainer(word) is { } split ? PathsAsync(client, split.Container, split.Container + ":", split.Path, cancellationToken)
        : CandidatesAsync(client, bound, cancellationToken);

    protected override async Task<IReadOnlyList<(string Text, string ToolTip)>> CandidatesAsync(NamespaceClient client, IDictionary bound, CancellationToken cancellationToken)
    {
        var found = new List<(string, string)>();
        await foreach (Wire.ContainersV1.Container container in client.Containers.ListAsync([], cancellationToken).ConfigureAwait(false))
        {
            found.Add((container.Id + ":", container.Image));
        }

        return found;
    }

    private static async Task<IReadOnlyList<(string Text, string ToolTip)>> PathsAsync(
        NamespaceClient client, string container, string before, string typed, CancellationToken cancellationToken)
    {
        string folder = typed[..(typed.LastIndexOf('/') + 1)];
        string name = typed[folder.Length..];
        using FileRoot? root = await ContainerRoots.OpenRunningAsync(client, container, cancellationToken).ConfigureAwait(false);
        if (root is null)
        {
            return [];
        }

        string path = ItemPath.InContainer(folder).FullName;
        string shown = before + (folder.Length == 0 ? "/" : folder);
        return PathPattern.Names(root, path)
            .Where(candidate => candidate.StartsWith(name, StringComparison.OrdinalIgnoreCase) && (candidate[0] != '.' || name.StartsWith('.')))
            .Take(MostNames)
            .Select(candidate => (shown + candidate + (PathPattern.IsFolder(root, ItemPath.Join(path, candidate)) ? "/" : string.Empty), root.Describe(ItemPath.Join(path, candidate))))
            .ToArray();
    }

    private static (string Container, string Path)? SplitContainer(string word) =>
        word.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && Identifiers.IsValid(word[..colon]) ? (word[..colon], word[(colon + 1)..]) : null;

    private static string? First(IDictionary bound, string parameter)
    {
        object? given = bound[parameter] is PSObject wrapped ? wrapped.BaseObject : bound[parameter];
        return given is IEnumerable many and not string ? many.Cast<object?>().FirstOrDefault()?.ToString() : given?.ToString();
    }
}
