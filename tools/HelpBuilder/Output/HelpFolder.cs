using HelpBuilder.Pages;

namespace HelpBuilder.Output;

/// <summary>Builds the help files of a docs folder, all of them or none.</summary>
internal static class HelpFolder
{
    public static void Build(string docsFolder, string outputFolder, List<PageProblem> problems)
    {
        var docs = DocsFolder.Read(docsFolder, problems);
        foreach (var page in docs.Cmdlets)
        {
            PageReader.CheckFilled(page.File, page.SourceLines, problems);
            SyntaxCheck.Run(page, problems);
            LinkCheck.Run(page.File, docs.Files, problems);
        }

        var topics = docs.Topics.Select(file => (File: file, Text: TopicWriter.Write(file, problems))).ToList();
        foreach (var file in docs.Topics)
        {
            LinkCheck.Run(file, docs.Files, problems);
        }

        if (problems.Count > 0)
        {
            return;
        }

        Directory.CreateDirectory(outputFolder);
        foreach (var pages in docs.Cmdlets.GroupBy(page => page.HelpFile, StringComparer.Ordinal))
        {
            using var stream = File.Create(Path.Combine(outputFolder, pages.Key));
            MamlWriter.Write(stream, pages);
        }

        foreach (var (file, text) in topics)
        {
            File.WriteAllText(Path.Combine(outputFolder, Path.GetFileNameWithoutExtension(file) + ".help.txt"), text);
        }
    }
}
