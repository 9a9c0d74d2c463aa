using Markdig.Syntax;

namespace HelpBuilder.Pages;

/// <summary>A heading and what stands under it.</summary>
/// <param name="Title">Text of the heading; empty for what stands before the first one.</param>
/// <param name="Line">Line of the heading, counted from 1.</param>
/// <param name="Blocks">The blocks up to the next heading of the same or a higher level.</param>
internal sealed record Section(string Title, int Line, IReadOnlyList<Block> Blocks)
{
    /// <summary>Splits blocks at headings of one level; the first section holds what precedes them.</summary>
    public static IReadOnlyList<Section> Split(IEnumerable<Block> blocks, int level, int firstLine, PlainText text)
    {
        var sections = new List<Section>();
        var current = new List<Block>();
        sections.Add(new("", firstLine, current));
        foreach (var block in blocks)
        {
            if (block is HeadingBlock heading && heading.Level == level)
            {
                current = [];
                sections.Add(new(text.Inline(heading), heading.Line + 1, current));
            }
            else
            {
                current.Add(block);
            }
        }

        return sections;
    }
}
