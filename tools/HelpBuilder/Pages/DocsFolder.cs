namespace HelpBuilder.Pages;

/// <summary>The pages of a docs folder.</summary>
/// <param name="Cmdlets">The cmdlets' pages that could be read, by name.</param>
/// <param name="Topics">Paths of the about_ topics, by name.</param>
/// <param name="Files">File names of everything there, for links.</param>
internal sealed record DocsFolder(
    IReadOnlyList<HelpPage> Cmdlets,
    IReadOnlyList<string> Topics,
    IReadOnlySet<string> Files)
{
    public static DocsFolder Read(string folder, List<PageProblem> problems)
    {
        // Ordinal order, so that the help file does not depend on the file system or the culture.
        var files = Directory.GetFiles(folder, "*.md").Order(StringComparer.Ordinal).ToList();
        var cmdlets = new List<HelpPage>();
        var topics = new List<string>();
        foreach (var file in files)
        {
            var name = Path.GetFileName(file);
            if (name.StartsWith("about_", StringComparison.Ordinal))
            {
                topics.Add(file);
            }
            else if (!name.Contains('-', StringComparison.Ordinal))
            {
                problems.Add(new(file, 1, "This is neither a cmdlet's page (Verb-Noun.md) nor a topic (about_Name.md)."));
            }
            else if (PageReader.Read(file, problems) is { } page)
            {
                cmdlets.Add(page);
            }
        }

        return new(cmdlets, topics, files.Select(file => Path.GetFileName(file)).ToHashSet(StringComparer.Ordinal));
    }
}
