using HelpBuilder.Pages;

namespace HelpBuilder.Facts;

/// <summary>Writes what the engine knows into pages: whole skeletons, or the facts of existing pages.</summary>
internal static class PageScaffold
{
    private const string ConfirmText = "Asks before each change. The preference variable `$ConfirmPreference` decides when this happens by itself.";
    private const string WhatIfText = "Says what would change, and changes nothing.";
    private const string CommonText =
        "This cmdlet takes the common parameters: -Debug, -ErrorAction, -ErrorVariable, -InformationAction, "
        + "-InformationVariable, -OutBuffer, -OutVariable, -PipelineVariable, -ProgressAction, -Verbose, -WarningAction and "
        + "-WarningVariable. See [about_CommonParameters](https://go.microsoft.com/fwlink/?LinkID=113216).";

    /// <summary>A page with every fact and a marker wherever somebody has to write.</summary>
    public static IEnumerable<string> NewPage(string module, ExpectedPage page) =>
    [
        "---",
        $"external help file: {page.HelpFile}",
        $"Module Name: {module}",
        "online version:",
        "schema: 2.0.0",
        "---",
        "",
        $"# {page.Name}",
        "",
        "## SYNOPSIS",
        "",
        "{{ Fill in the Synopsis }}",
        "",
        "## SYNTAX",
        .. page.SyntaxSection(),
        "## DESCRIPTION",
        "",
        "{{ Fill in the Description }}",
        "",
        "## EXAMPLES",
        "",
        "### Example 1: {{ Fill in the title }}",
        "",
        "```powershell",
        "{{ Fill in the command }}",
        "```",
        "",
        "{{ Fill in what the example shows }}",
        "",
        "## PARAMETERS",
        "",
        .. page.Parameters.SelectMany(name => Parameter(page, name)),
        "### CommonParameters",
        "",
        CommonText,
        "",
        "## INPUTS",
        "",
        .. page.Inputs.SelectMany(Type),
        "## OUTPUTS",
        "",
        .. page.Outputs.SelectMany(Type),
        "## NOTES",
        "",
        "## RELATED LINKS",
    ];

    /// <summary>
    /// The page with its SYNTAX section and yaml blocks from the facts, and with sections for parameters it lacks.
    /// Prose stays, also that of a parameter the cmdlet no longer has: --verify names it.
    /// </summary>
    public static IReadOnlyList<string> Update(HelpPage page, ExpectedPage expected)
    {
        var lines = page.SourceLines.ToList();
        foreach (var edit in Edits(page, expected).OrderByDescending(edit => edit.Start))
        {
            lines.RemoveRange(edit.Start, edit.Count);
            lines.InsertRange(edit.Start, edit.Lines);
        }

        return lines;
    }

    private static IEnumerable<(int Start, int Count, List<string> Lines)> Edits(HelpPage page, ExpectedPage expected)
    {
        var syntaxEnd = page.SyntaxLine;
        while (!page.SourceLines[syntaxEnd].StartsWith("## ", StringComparison.Ordinal))
        {
            syntaxEnd++;
        }

        yield return (page.SyntaxLine, syntaxEnd - page.SyntaxLine, [.. expected.SyntaxSection()]);

        var inserts = new SortedDictionary<int, List<string>>();
        for (var index = 0; index < expected.Parameters.Count; index++)
        {
            var name = expected.Parameters[index];
            if (Find(page, name) is { } parameter)
            {
                yield return (
                    parameter.FirstFactsLine - 1,
                    parameter.LastFactsLine - parameter.FirstFactsLine + 1,
                    [.. Blocks(WithDefaults(expected, parameter))]);
                continue;
            }

            var next = expected.Parameters.Skip(index + 1).Select(later => Find(page, later)).FirstOrDefault(found => found is not null);
            var before = (next?.Line ?? page.CommonParametersLine) - 1;
            if (!inserts.TryGetValue(before, out var lines))
            {
                inserts[before] = lines = [];
            }

            lines.AddRange(Parameter(expected, name));
        }

        foreach (var (start, lines) in inserts)
        {
            yield return (start, 0, lines);
        }
    }

    private static PageParameter? Find(HelpPage page, string name) =>
        page.Parameters.FirstOrDefault(parameter => parameter.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> Parameter(ExpectedPage page, string name)
    {
        var text = name switch
        {
            "Confirm" => ConfirmText,
            "WhatIf" => WhatIfText,
            _ => $"{{{{ Fill {name} Description }}}}",
        };
        var isSwitch = page.Facts(name, "")[0].IsSwitch;
        return [$"### -{name}", "", text, "", .. Blocks(page.Facts(name, isSwitch ? "False" : "None")), ""];
    }

    /// <summary>The default value is the page's own wording: the engine does not know it.</summary>
    private static IEnumerable<ParameterFacts> WithDefaults(ExpectedPage expected, PageParameter parameter) =>
        expected.Facts(parameter.Name, "").Select(facts => facts with
        {
            DefaultValue = (parameter.Facts.FirstOrDefault(old => facts.ParameterSets.Any(old.HoldsIn))
                ?? parameter.Facts[0]).DefaultValue,
        });

    private static IEnumerable<string> Blocks(IEnumerable<ParameterFacts> blocks)
    {
        var first = true;
        foreach (var facts in blocks)
        {
            if (!first)
            {
                yield return "";
            }

            first = false;
            foreach (var line in ParameterYaml.Write(facts))
            {
                yield return line;
            }
        }
    }

    private static IEnumerable<string> Type(string type) => type == "None"
        ? ["### None", ""]
        : [$"### {type}", "", $"{{{{ Fill {type} Description }}}}", ""];
}
