using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace HelpBuilder.Pages;

/// <summary>Finds links that lead nowhere.</summary>
internal static class LinkCheck
{
    /// <param name="file">A page or topic.</param>
    /// <param name="files">Names of the files a relative link may lead to.</param>
    /// <param name="problems">Where problems go.</param>
    public static void Run(string file, IReadOnlySet<string> files, List<PageProblem> problems)
    {
        // The fences were checked when the page was read.
        var document = PageReader.Parse(file, File.ReadAllText(file), []);
        foreach (var leaf in document.Descendants<LeafBlock>())
        {
            foreach (var link in leaf.Inline?.Descendants<LinkInline>() ?? [])
            {
                var target = link.Url ?? "";
                if (!new PageLink("", target, 0).IsWeb && !files.Contains(target.Split('#')[0]))
                {
                    problems.Add(new(file, leaf.Line + 1, $"The link '{target}' is neither a web address nor a page of this folder."));
                }
            }
        }
    }
}
