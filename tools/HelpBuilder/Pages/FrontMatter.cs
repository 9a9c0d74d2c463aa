using Markdig.Extensions.Yaml;
using Markdig.Syntax;

namespace HelpBuilder.Pages;

/// <summary>The <c>key: value</c> lines between the dashes at the top of a page.</summary>
internal static class FrontMatter
{
    public static Dictionary<string, string> Read(MarkdownDocument document, string file, List<PageProblem> problems)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        if (document.FirstOrDefault() is not YamlFrontMatterBlock block)
        {
            return values;
        }

        var line = block.Line + 1;
        foreach (var source in PlainText.Lines(block).Split('\n'))
        {
            line++;
            if (source.AsSpan().Trim().IsEmpty || source.StartsWith("---", StringComparison.Ordinal))
            {
                continue;
            }

            var colon = source.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || !values.TryAdd(source[..colon].Trim(), source[(colon + 1)..].Trim()))
            {
                problems.Add(new(file, line, $"'{source.Trim()}' is not a 'key: value' line, or the key is given twice."));
            }
        }

        return values;
    }
}
