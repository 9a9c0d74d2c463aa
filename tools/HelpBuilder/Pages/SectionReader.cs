using System.Text.RegularExpressions;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace HelpBuilder.Pages;

/// <summary>Reads the sections of a cmdlet's page.</summary>
internal sealed partial class SectionReader(string file, PlainText text, List<PageProblem> problems)
{
    private const string DefaultMark = " (Default)";

    public string Synopsis(Section section)
    {
        var blocks = text.Blocks(section.Blocks);
        if (blocks is not [{ Kind: TextBlockKind.Paragraph } only])
        {
            problems.Add(new(file, section.Line, "The synopsis must be one paragraph."));
            return "";
        }

        return only.Text;
    }

    public IReadOnlyList<TextBlock> Prose(Section section)
    {
        var blocks = text.Blocks(section.Blocks);
        if (blocks.Count == 0)
        {
            problems.Add(new(file, section.Line, $"'{section.Title}' is empty."));
        }

        return blocks;
    }

    public IReadOnlyList<PageSyntax> Syntax(Section section, string cmdlet)
    {
        var sets = Section.Split(section.Blocks, 3, section.Line, text);
        var result = new List<PageSyntax>();
        if (sets.Count == 1)
        {
            AddSyntax(sets[0], PageSyntax.OnlySet, isDefault: true, cmdlet, result);
            return result;
        }

        if (sets[0].Blocks.Count > 0)
        {
            problems.Add(new(file, sets[0].Blocks[0].Line + 1, "Nothing may stand before the first parameter set."));
        }

        foreach (var set in sets.Skip(1))
        {
            var isDefault = set.Title.EndsWith(DefaultMark, StringComparison.Ordinal);
            var name = isDefault ? set.Title[..^DefaultMark.Length] : set.Title;
            if (result.Any(known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                problems.Add(new(file, set.Line, $"The parameter set '{name}' stands here twice."));
            }

            if (isDefault && result.Any(known => known.IsDefault))
            {
                problems.Add(new(file, set.Line, "Two parameter sets are marked as the default."));
            }

            AddSyntax(set, name, isDefault, cmdlet, result);
        }

        return result;
    }

    public IReadOnlyList<PageExample> Examples(Section section)
    {
        var result = new List<PageExample>();
        foreach (var example in Children(section))
        {
            var number = result.Count + 1;
            if (!example.Title.StartsWith($"Example {number}: ", StringComparison.Ordinal))
            {
                problems.Add(new(file, example.Line, $"The heading must be '### Example {number}: ' and a title."));
            }

            var blocks = text.Blocks(example.Blocks);
            if (!blocks.Any(block => block is { Kind: TextBlockKind.Verbatim, Language: "powershell" }))
            {
                problems.Add(new(file, example.Line, "An example needs a ```powershell fence."));
            }

            result.Add(new(example.Title, blocks, example.Line));
        }

        return result;
    }

    public IReadOnlyList<PageParameter> Parameters(Section section, out int commonParametersLine)
    {
        var result = new List<PageParameter>();
        commonParametersLine = 0;
        foreach (var child in Section.Split(section.Blocks, 3, section.Line, text))
        {
            if (child.Title.Length == 0)
            {
                if (child.Blocks.Count > 0)
                {
                    problems.Add(new(file, child.Blocks[0].Line + 1, "Nothing may stand before the first parameter."));
                }
            }
            else if (commonParametersLine > 0)
            {
                problems.Add(new(file, child.Line, "'### CommonParameters' must be the last of the parameters."));
            }
            else if (child.Title == "CommonParameters")
            {
                commonParametersLine = child.Line;
            }
            else
            {
                AddParameter(child, result);
            }
        }

        if (commonParametersLine == 0)
        {
            problems.Add(new(file, section.Line, "The parameters must end in '### CommonParameters'."));
        }

        return result;
    }

    public IReadOnlyList<PageType> Types(Section section) =>
        [.. Children(section).Select(child => new PageType(child.Title, text.Blocks(child.Blocks), child.Line))];

    public IReadOnlyList<PageLink> Links(Section section)
    {
        var result = new List<PageLink>();
        foreach (var leaf in section.Blocks.SelectMany(Leaves))
        {
            if (leaf.Inline is { } inlines && inlines.FirstChild is LinkInline link && link == inlines.LastChild)
            {
                result.Add(new(text.Label(link, leaf.Line + 1), link.Url ?? "", leaf.Line + 1));
            }
            else
            {
                problems.Add(new(file, leaf.Line + 1, "A related link is one [text](target) link, and nothing else."));
            }
        }

        return result;
    }

    private static IEnumerable<LeafBlock> Leaves(Block block) => block switch
    {
        ContainerBlock container => container.SelectMany(Leaves),
        ParagraphBlock paragraph => [paragraph],
        _ => [],
    };

    private IReadOnlyList<Section> Children(Section section)
    {
        var children = Section.Split(section.Blocks, 3, section.Line, text);
        if (children.Count == 1)
        {
            problems.Add(new(file, section.Line, $"'{section.Title}' needs at least one ### heading."));
        }

        if (children[0].Blocks.Count > 0)
        {
            problems.Add(new(file, children[0].Blocks[0].Line + 1, "This stands under no ### heading."));
        }

        return [.. children.Skip(1)];
    }

    private void AddSyntax(Section set, string name, bool isDefault, string cmdlet, List<PageSyntax> result)
    {
        if (set.Blocks is not [FencedCodeBlock fence])
        {
            problems.Add(new(file, set.Line, "A parameter set is one fence with the syntax, and nothing else."));
            return;
        }

        var line = string.Join(' ', PlainText.Lines(fence).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        if (line != cmdlet && !line.StartsWith(cmdlet + " ", StringComparison.Ordinal))
        {
            problems.Add(new(file, fence.Line + 2, $"The syntax must start with '{cmdlet}'."));
        }

        var names = ParameterName().Matches(line).Select(match => match.Groups[1].Value).ToList();
        result.Add(new(name, isDefault, line, names, fence.Line + 1));
    }

    private void AddParameter(Section section, List<PageParameter> result)
    {
        var name = section.Title.TrimStart('-');
        if (!section.Title.StartsWith('-') || name.Length == 0)
        {
            problems.Add(new(file, section.Line, $"'### {section.Title}' must be '### -Name'."));
        }

        if (result.Any(known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
        {
            problems.Add(new(file, section.Line, $"The parameter -{name} stands here twice."));
        }

        var fences = section.Blocks.OfType<FencedCodeBlock>().Where(fence => fence.Info == "yaml").ToList();
        var prose = text.Blocks(section.Blocks.Except(fences));
        if (fences.Count == 0)
        {
            problems.Add(new(file, section.Line, $"The parameter -{name} has no ```yaml block."));
            return;
        }

        if (prose.Count == 0)
        {
            problems.Add(new(file, section.Line, $"The parameter -{name} is not described."));
        }

        // Everything from the first fence to the last is rewritten by --update, so prose between them would be lost.
        var first = section.Blocks.ToList().IndexOf(fences[0]);
        if (first + fences.Count != section.Blocks.Count)
        {
            problems.Add(new(file, fences[0].Line + 1, $"The yaml blocks of -{name} must close its section."));
        }

        var facts = new List<ParameterFacts>();
        foreach (var fence in fences)
        {
            if (ParameterYaml.Read(PlainText.Lines(fence), file, fence.Line + 1, problems) is { } block)
            {
                facts.Add(block);
            }
        }

        var last = fences[^1];
        result.Add(new(name, prose, facts, section.Line, fences[0].Line + 1, last.Line + 1 + last.Lines.Count + 1));
    }

    [GeneratedRegex(@"(?<=[\s\[])-([A-Za-z]\w*)")]
    private static partial Regex ParameterName();
}
