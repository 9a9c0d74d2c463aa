using System.Text;
using HelpBuilder.Pages;
using Markdig.Extensions.Yaml;
using Markdig.Syntax;

namespace HelpBuilder.Output;

/// <summary>Turns an about_ topic into the text file Get-Help shows.</summary>
/// <remarks>
/// Get-Help takes the first five lines as the synopsis, hence their fixed form: TOPIC, the name, an empty line,
/// SHORT DESCRIPTION and its text.
/// </remarks>
internal static class TopicWriter
{
    private const int Width = 80;
    private const string Indent = "    ";

    /// <summary>The text; null when the topic is malformed.</summary>
    public static string? Write(string file, List<PageProblem> problems)
    {
        var source = File.ReadAllText(file).ReplaceLineEndings("\n");
        var lines = source.Split('\n');
        var before = problems.Count;
        PageReader.CheckFilled(file, lines, problems);
        PageReader.CheckCharacters(file, lines, problems);

        var text = new PlainText(file, problems);
        var blocks = PageReader.Parse(file, source, problems).Where(block => block is not YamlFrontMatterBlock).ToList();
        var name = Path.GetFileNameWithoutExtension(file);
        if (blocks is not [HeadingBlock { Level: 1 } title, ..] || text.Inline(title) != name)
        {
            problems.Add(new(file, 1, $"A topic starts with '# {name}'."));
            return null;
        }

        var sections = Section.Split(blocks.Skip(1), 2, title.Line + 1, text);
        CheckSections(file, sections, text, problems);
        if (problems.Count > before)
        {
            return null;
        }

        var result = new StringBuilder().Append("TOPIC\n").Append(Indent).Append(name).Append('\n');
        foreach (var section in sections.Skip(1))
        {
            result.Append('\n').Append(section.Title.ToUpperInvariant()).Append('\n');
            Append(text.Blocks(section.Blocks), result);
        }

        return problems.Count > before ? null : result.ToString();
    }

    private static void CheckSections(string file, IReadOnlyList<Section> sections, PlainText text, List<PageProblem> problems)
    {
        if (sections[0].Blocks.Count > 0)
        {
            problems.Add(new(file, sections[0].Blocks[0].Line + 1, "Nothing may stand before '## Short description'."));
        }

        string[] opening = ["Short description", "Long description"];
        for (var index = 0; index < opening.Length; index++)
        {
            if (sections.Count <= index + 1 || sections[index + 1].Title != opening[index])
            {
                var line = sections[Math.Min(index + 1, sections.Count - 1)].Line;
                problems.Add(new(file, line, $"The section '## {opening[index]}' must stand here."));
                return;
            }
        }

        if (text.Blocks(sections[1].Blocks) is not [{ Kind: TextBlockKind.Paragraph }])
        {
            problems.Add(new(file, sections[1].Line, "The short description must be one paragraph."));
        }
    }

    private static void Append(IReadOnlyList<TextBlock> blocks, StringBuilder result)
    {
        for (var index = 0; index < blocks.Count; index++)
        {
            if (index > 0)
            {
                result.Append('\n');
            }

            var block = blocks[index];
            foreach (var line in block.Text.Split('\n'))
            {
                Append(block.Kind, line, result);
            }

            if (block.Kind == TextBlockKind.Heading)
            {
                result.Append(Indent).Append('-', block.Text.Length).Append('\n');
            }
        }
    }

    private static void Append(TextBlockKind kind, string line, StringBuilder result)
    {
        if (kind == TextBlockKind.Verbatim)
        {
            // Never broken: a wrapped command is a wrong command.
            result.Append((Indent + Indent + line).TrimEnd()).Append('\n');
            return;
        }

        // A list item goes on under its text, not under its marker.
        var lead = line.Length - line.TrimStart(' ').Length;
        var hanging = lead;
        if (kind == TextBlockKind.List && line.AsSpan(lead).IndexOf(' ') is var space and >= 1 and <= 3
            && (line[lead] == '-' || char.IsAsciiDigit(line[lead])))
        {
            hanging = lead + space + 1;
        }

        foreach (var wrapped in Wrap(line, lead, hanging))
        {
            result.Append((Indent + wrapped).TrimEnd()).Append('\n');
        }
    }

    private static IEnumerable<string> Wrap(string line, int lead, int hanging)
    {
        var current = new string(' ', lead);
        var empty = true;
        foreach (var word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!empty && Indent.Length + current.Length + 1 + word.Length > Width)
            {
                yield return current;
                current = new string(' ', hanging) + word;
            }
            else
            {
                current += empty ? word : " " + word;
                empty = false;
            }
        }

        yield return current;
    }
}
