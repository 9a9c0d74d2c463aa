using System.Text.RegularExpressions;
using System.Xml;
using Markdig;
using Markdig.Extensions.Yaml;
using Markdig.Syntax;

namespace HelpBuilder.Pages;

/// <summary>Reads the page of a cmdlet and says everything that is wrong with its form.</summary>
internal static partial class PageReader
{
    private static readonly string[] SectionTitles =
    [
        "SYNOPSIS", "SYNTAX", "DESCRIPTION", "EXAMPLES", "PARAMETERS",
        "INPUTS", "OUTPUTS", "NOTES", "RELATED LINKS",
    ];

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UseYamlFrontMatter().Build();

    /// <summary>Parses a page or topic, and reports fences that run into the next one.</summary>
    public static MarkdownDocument Parse(string file, string source, List<PageProblem> problems)
    {
        var document = Markdown.Parse(source, Pipeline);
        foreach (var fence in document.Descendants<FencedCodeBlock>())
        {
            // An unclosed fence swallows headings up to the end of the next fence: no other message would name its line.
            if (fence.ClosingFencedCharCount == 0 || PlainText.Lines(fence).Contains("\n```", StringComparison.Ordinal))
            {
                problems.Add(new(file, fence.Line + 1, "This fence is not closed."));
            }
        }

        return document;
    }

    /// <summary>Reads a page; null when <paramref name="problems"/> got something that prevents it.</summary>
    public static HelpPage? Read(string file, List<PageProblem> problems)
    {
        var source = File.ReadAllText(file).ReplaceLineEndings("\n");
        var lines = source.TrimEnd('\n').Split('\n');
        var before = problems.Count;
        CheckCharacters(file, lines, problems);

        var document = Parse(file, source, problems);
        var text = new PlainText(file, problems);
        var front = FrontMatter.Read(document, file, problems);
        CheckFrontMatter(front, file, problems);

        var title = ReadTitle(document, file, text, problems);
        var body = document.Where(block => block != title && block is not YamlFrontMatterBlock);
        var sections = ReadSections(body, file, title, text, problems);
        if (problems.Count > before || title is null)
        {
            return null;
        }

        var reader = new SectionReader(file, text, problems);
        var syntaxSection = sections["SYNTAX"];
        var name = text.Inline(title);
        var syntax = reader.Syntax(syntaxSection, name);
        var parameters = reader.Parameters(sections["PARAMETERS"], out var commonParametersLine);
        var page = new HelpPage
        {
            File = file,
            SourceLines = lines,
            Name = name,
            NameLine = title.Line + 1,
            HelpFile = front["external help file"],
            ModuleName = front["Module Name"],
            OnlineVersion = front["online version"],
            Synopsis = reader.Synopsis(sections["SYNOPSIS"]),
            SyntaxLine = syntaxSection.Line,
            Syntax = syntax,
            Description = reader.Prose(sections["DESCRIPTION"]),
            Examples = reader.Examples(sections["EXAMPLES"]),
            Parameters = parameters,
            CommonParametersLine = commonParametersLine,
            Inputs = reader.Types(sections["INPUTS"]),
            Outputs = reader.Types(sections["OUTPUTS"]),
            Notes = text.Blocks(sections["NOTES"].Blocks),
            Links = reader.Links(sections["RELATED LINKS"]),
        };
        return problems.Count > before ? null : page;
    }

    /// <summary>Reports every marker a skeleton left for somebody to fill in.</summary>
    public static void CheckFilled(string file, IReadOnlyList<string> lines, List<PageProblem> problems)
    {
        for (var index = 0; index < lines.Count; index++)
        {
            if (lines[index].Contains("{{ Fill", StringComparison.Ordinal))
            {
                problems.Add(new(file, index + 1, "This still waits to be written: " + lines[index].Trim()));
            }
        }
    }

    /// <summary>Reports characters that cannot stand in XML, which escape codes pasted with an output bring along.</summary>
    public static void CheckCharacters(string file, IReadOnlyList<string> lines, List<PageProblem> problems)
    {
        for (var index = 0; index < lines.Count; index++)
        {
            foreach (var rune in lines[index].EnumerateRunes())
            {
                if (rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value))
                {
                    problems.Add(new(file, index + 1, $"The control character U+{rune.Value:X4} cannot stand in a help file."));
                    break;
                }
            }
        }
    }

    private static void CheckFrontMatter(Dictionary<string, string> front, string file, List<PageProblem> problems)
    {
        foreach (var key in new[] { "external help file", "Module Name", "online version", "schema" })
        {
            if (!front.ContainsKey(key))
            {
                problems.Add(new(file, 1, $"The front matter lacks '{key}:'."));
            }
        }

        if (front.TryGetValue("schema", out var schema) && schema != "2.0.0")
        {
            problems.Add(new(file, 1, $"The schema is '{schema}'; pages are written in schema 2.0.0."));
        }

        if (front.TryGetValue("external help file", out var help) && !help.EndsWith("-Help.xml", StringComparison.Ordinal))
        {
            problems.Add(new(file, 1, $"The external help file '{help}' must end in -Help.xml: the engine finds no other."));
        }

        if (front.TryGetValue("online version", out var online) && online.Length > 0
            && !Uri.TryCreate(online, UriKind.Absolute, out _))
        {
            problems.Add(new(file, 1, $"The online version '{online}' is no absolute address."));
        }
    }

    private static HeadingBlock? ReadTitle(
        MarkdownDocument document, string file, PlainText text, List<PageProblem> problems)
    {
        var titles = document.OfType<HeadingBlock>().Where(heading => heading.Level == 1).ToList();
        if (titles.Count != 1)
        {
            problems.Add(new(file, titles.Count == 0 ? 1 : titles[1].Line + 1, "A page has exactly one # heading, the cmdlet's name."));
            return null;
        }

        var name = text.Inline(titles[0]);
        if (!CmdletName().IsMatch(name))
        {
            problems.Add(new(file, titles[0].Line + 1, $"'{name}' is no Verb-Noun name."));
        }
        else if (name != Path.GetFileNameWithoutExtension(file))
        {
            problems.Add(new(file, titles[0].Line + 1, $"The heading says '{name}', the file name '{Path.GetFileName(file)}'."));
        }

        return titles[0];
    }

    private static Dictionary<string, Section> ReadSections(
        IEnumerable<Block> body, string file, HeadingBlock? title, PlainText text, List<PageProblem> problems)
    {
        var all = Section.Split(body, 2, (title?.Line ?? 0) + 1, text);
        if (all[0].Blocks.Count > 0)
        {
            problems.Add(new(file, all[0].Blocks[0].Line + 1, "Nothing may stand before ## SYNOPSIS."));
        }

        var sections = new Dictionary<string, Section>(StringComparer.Ordinal);
        var last = -1;
        foreach (var section in all.Skip(1))
        {
            var index = Array.IndexOf(SectionTitles, section.Title);
            if (index < 0)
            {
                problems.Add(new(file, section.Line, $"'## {section.Title}' is no section of a cmdlet's page."));
            }
            else if (!sections.TryAdd(section.Title, section))
            {
                problems.Add(new(file, section.Line, $"'## {section.Title}' stands here twice."));
            }
            else if (index < last)
            {
                problems.Add(new(file, section.Line, $"'## {section.Title}' must stand before '## {SectionTitles[last]}'."));
            }

            last = Math.Max(last, index);
        }

        var end = all[^1].Line;
        foreach (var missing in SectionTitles.Where(known => !sections.ContainsKey(known)))
        {
            problems.Add(new(file, end, $"The section '## {missing}' is missing."));
        }

        return sections;
    }

    [GeneratedRegex(@"^[A-Z][A-Za-z]+-[A-Z][A-Za-z0-9]*$")]
    private static partial Regex CmdletName();
}
