using System.Text;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace HelpBuilder.Pages;

/// <summary>Turns Markdown blocks into plain text, and refuses what a console cannot show.</summary>
internal sealed class PlainText(string file, List<PageProblem> problems)
{
    /// <summary>The blocks as text, in order. Comments vanish.</summary>
    public IReadOnlyList<TextBlock> Blocks(IEnumerable<Block> blocks)
    {
        var result = new List<TextBlock>();
        foreach (var block in blocks)
        {
            Append(block, result);
        }

        return result;
    }

    /// <summary>Text of a heading or paragraph; links keep their web address in parentheses.</summary>
    public string Inline(LeafBlock block)
    {
        var text = new StringBuilder();
        if (block.Inline is { } inlines)
        {
            Append(inlines, text, block.Line + 1);
        }

        return text.ToString().Trim();
    }

    /// <summary>Text of a link, without its target.</summary>
    public string Label(LinkInline link, int line)
    {
        var text = new StringBuilder();
        Append((ContainerInline)link, text, line);
        return text.ToString();
    }

    public static string Lines(LeafBlock block) => block.Lines.ToString().ReplaceLineEndings("\n").TrimEnd('\n');

    private void Append(Block block, List<TextBlock> result)
    {
        var line = block.Line + 1;
        switch (block)
        {
            case FencedCodeBlock fence:
                result.Add(new(TextBlockKind.Verbatim, Lines(fence), line, fence.Info?.Trim() ?? ""));
                break;
            case HtmlBlock { Type: HtmlBlockType.Comment }:
            case LinkReferenceDefinitionGroup:
                break;
            case HtmlBlock:
                problems.Add(new(file, line, "HTML cannot be shown in a console; put angle brackets into backticks."));
                break;
            case CodeBlock code:
                result.Add(new(TextBlockKind.Verbatim, Lines(code), line));
                break;
            case HeadingBlock heading:
                result.Add(new(TextBlockKind.Heading, Inline(heading), line));
                break;
            case ParagraphBlock paragraph:
                Append(paragraph, result);
                break;
            case ListBlock list:
                result.Add(new(TextBlockKind.List, List(list), line));
                break;
            case QuoteBlock quote:
                foreach (var inner in quote)
                {
                    Append(inner, result);
                }

                break;
            case ThematicBreakBlock:
                break;
            default:
                problems.Add(new(file, line, $"A {block.GetType().Name} cannot be shown in a console."));
                break;
        }
    }

    private void Append(ParagraphBlock paragraph, List<TextBlock> result)
    {
        var line = paragraph.Line + 1;
        var text = Inline(paragraph);
        if (text.StartsWith('|'))
        {
            // A table: joined lines would be unreadable, and the source of one reads well in a console.
            result.Add(new(TextBlockKind.Verbatim, Table(paragraph), line));
            return;
        }

        result.Add(new(TextBlockKind.Paragraph, text, line));
    }

    private string Table(ParagraphBlock paragraph)
    {
        var text = new StringBuilder();
        foreach (var inline in paragraph.Inline!)
        {
            if (inline is LineBreakInline)
            {
                text.Append('\n');
                continue;
            }

            Append(inline, text, paragraph.Line + 1);
        }

        return text.ToString();
    }

    private string List(ListBlock list)
    {
        var lines = new List<string>();
        var number = int.TryParse(list.OrderedStart, out var start) ? start : 1;
        foreach (var item in list.OfType<ListItemBlock>())
        {
            var marker = list.IsOrdered ? $"{number++}. " : "- ";
            var indent = new string(' ', marker.Length);
            var inner = string.Join('\n', Blocks(item).Select(block => block.Text));
            lines.Add(marker + inner.Replace("\n", "\n" + indent, StringComparison.Ordinal));
        }

        return string.Join('\n', lines);
    }

    private void Append(ContainerInline container, StringBuilder text, int line)
    {
        foreach (var inline in container)
        {
            Append(inline, text, line);
        }
    }

    private void Append(Inline inline, StringBuilder text, int line)
    {
        switch (inline)
        {
            case LiteralInline literal:
                text.Append(literal.Content.AsSpan());
                break;
            case CodeInline code:
                text.Append(code.Content);
                break;
            case HtmlEntityInline entity:
                text.Append(entity.Transcoded.AsSpan());
                break;
            case AutolinkInline link:
                text.Append(link.Url);
                break;
            case LineBreakInline lineBreak:
                text.Append(lineBreak.IsHard ? '\n' : ' ');
                break;
            case HtmlInline html when html.Tag.StartsWith("<!--", StringComparison.Ordinal):
                break;
            case HtmlInline html:
                problems.Add(new(file, inline.Line > 0 ? inline.Line + 1 : line, $"HTML cannot be shown in a console; put {html.Tag} into backticks."));
                break;
            case LinkInline link:
                AppendLink(link, text, line);
                break;
            case DelimiterInline delimiter:
                // A bracket that opens no link stands for itself.
                text.Append(delimiter.ToLiteral());
                Append((ContainerInline)delimiter, text, line);
                break;
            case ContainerInline container:
                Append(container, text, line);
                break;
        }
    }

    private void AppendLink(LinkInline link, StringBuilder text, int line)
    {
        var start = text.Length;
        Append((ContainerInline)link, text, line);
        if (Uri.TryCreate(link.Url, UriKind.Absolute, out _) && text.ToString(start, text.Length - start) != link.Url)
        {
            text.Append(" (").Append(link.Url).Append(')');
        }
    }
}
