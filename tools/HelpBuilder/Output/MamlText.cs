using HelpBuilder.Pages;

namespace HelpBuilder.Output;

/// <summary>Fits blocks to what the engine does with MAML text.</summary>
/// <remarks>
/// The engine trims every paragraph, first line included, and would shift the header of an indented table. A verbatim
/// block therefore shares the paragraph of the text before it, where only its trailing white space can be lost.
/// </remarks>
internal static class MamlText
{
    public static IReadOnlyList<string> Paragraphs(IEnumerable<TextBlock> blocks)
    {
        var result = new List<string>();
        foreach (var block in blocks)
        {
            if (block.Kind == TextBlockKind.Verbatim && result.Count > 0)
            {
                result[^1] += "\n\n" + block.Text;
            }
            else
            {
                result.Add(block.Text);
            }
        }

        return result;
    }

    /// <summary>
    /// Splits an example into the text before its command, the command with the output right below it, and the rest.
    /// </summary>
    public static (string Introduction, string Code, IReadOnlyList<string> Remarks) Example(PageExample example)
    {
        var before = example.Blocks.TakeWhile(block => block.Kind != TextBlockKind.Verbatim).ToList();
        var code = example.Blocks.Skip(before.Count).TakeWhile(block => block.Kind == TextBlockKind.Verbatim).ToList();
        var remarks = example.Blocks.Skip(before.Count + code.Count);

        // Of an introduction alone the engine keeps the trailing line feeds, and puts none of its own before the code.
        var introduction = before.Count == 0 ? "" : string.Join("\n\n", before.Select(block => block.Text)) + "\n\n";
        return (introduction, string.Join("\n\n", code.Select(block => block.Text)), Paragraphs(remarks));
    }
}
