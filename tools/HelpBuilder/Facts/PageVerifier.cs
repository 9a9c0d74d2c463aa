using HelpBuilder.Pages;

namespace HelpBuilder.Facts;

/// <summary>Finds every place where the pages and the running engine disagree.</summary>
internal static class PageVerifier
{
    public static void Run(string folder, DocsFolder docs, ModuleFacts module, List<PageProblem> problems)
    {
        var pages = docs.Cmdlets.ToDictionary(page => page.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var cmdlet in module.Cmdlets.OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal))
        {
            if (pages.Remove(cmdlet.Name, out var page))
            {
                Compare(page, new ExpectedPage(cmdlet), module.Module, problems);
            }
            else if (!docs.Files.Contains(cmdlet.Name + ".md"))
            {
                problems.Add(new(Path.Combine(folder, cmdlet.Name + ".md"), 1, $"{cmdlet.Name} has no page."));
            }
        }

        foreach (var page in pages.Values.OrderBy(page => page.Name, StringComparer.Ordinal))
        {
            problems.Add(new(page.File, page.NameLine, $"{page.Name} has a page, but {module.Module} has no such cmdlet."));
        }
    }

    private static void Compare(HelpPage page, ExpectedPage expected, string module, List<PageProblem> problems)
    {
        if (page.Name != expected.Name)
        {
            problems.Add(new(page.File, page.NameLine, $"The cmdlet is written {expected.Name}."));
        }

        if (page.HelpFile != expected.HelpFile)
        {
            problems.Add(new(page.File, 1, $"The engine looks for the help of {page.Name} in '{expected.HelpFile}', not in '{page.HelpFile}'."));
        }

        if (page.ModuleName != module)
        {
            problems.Add(new(page.File, 1, $"The module is '{module}', not '{page.ModuleName}'."));
        }

        CompareSyntax(page, expected, problems);
        foreach (var name in expected.Parameters)
        {
            var parameter = page.Parameters.FirstOrDefault(known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (parameter is null)
            {
                problems.Add(new(page.File, page.CommonParametersLine, $"The parameter -{name} is not described."));
            }
            else
            {
                CompareParameter(page.File, parameter, name, expected, problems);
            }
        }

        foreach (var parameter in page.Parameters)
        {
            if (!expected.Parameters.Contains(parameter.Name, StringComparer.OrdinalIgnoreCase))
            {
                problems.Add(new(page.File, parameter.Line, $"{page.Name} has no parameter -{parameter.Name}."));
            }
        }
    }

    private static void CompareSyntax(HelpPage page, ExpectedPage expected, List<PageProblem> problems)
    {
        foreach (var set in expected.Sets)
        {
            var syntax = page.Syntax.FirstOrDefault(known => known.Name.Equals(set.Name, StringComparison.OrdinalIgnoreCase));
            if (syntax is null)
            {
                problems.Add(new(page.File, page.SyntaxLine, $"The parameter set '{set.Name}' is missing."));
                continue;
            }

            if (syntax.IsDefault != set.IsDefault && set.Name != PageSyntax.OnlySet)
            {
                problems.Add(new(page.File, syntax.Line, $"The parameter set '{set.Name}' is {(set.IsDefault ? "" : "not ")}the default."));
            }

            if (syntax.Text != expected.Syntax(set))
            {
                problems.Add(new(page.File, syntax.Line, $"The syntax of '{set.Name}' is: {expected.Syntax(set)}"));
            }
        }

        foreach (var syntax in page.Syntax)
        {
            if (!expected.Sets.Any(set => set.Name.Equals(syntax.Name, StringComparison.OrdinalIgnoreCase)))
            {
                problems.Add(new(page.File, syntax.Line, $"{page.Name} has no parameter set '{syntax.Name}'."));
            }
        }
    }

    private static void CompareParameter(
        string file, PageParameter parameter, string name, ExpectedPage expected, List<PageProblem> problems)
    {
        if (parameter.Name != name)
        {
            problems.Add(new(file, parameter.Line, $"The parameter is written -{name}."));
        }

        foreach (var facts in expected.Facts(name, ""))
        {
            foreach (var set in facts.ParameterSets is [ParameterFacts.AllSets]
                ? expected.Sets.Select(set => set.Name)
                : facts.ParameterSets)
            {
                var block = parameter.Facts.FirstOrDefault(known => known.HoldsIn(set));
                if (block is null)
                {
                    problems.Add(new(file, parameter.FirstFactsLine, $"-{name} belongs to the parameter set '{set}'."));
                    continue;
                }

                foreach (var (key, page, engine) in Differences(block, facts))
                {
                    var problem = new PageProblem(file, parameter.FirstFactsLine, $"-{name} says '{key}: {page}', the cmdlet says '{engine}'.");
                    if (!problems.Contains(problem))
                    {
                        problems.Add(problem);
                    }
                }
            }
        }

        var right = expected.Facts(name, "");
        foreach (var set in expected.Sets.Select(set => set.Name))
        {
            if (parameter.Facts.Any(facts => facts.HoldsIn(set)) && !right.Any(facts => facts.HoldsIn(set)))
            {
                problems.Add(new(file, parameter.FirstFactsLine, $"-{name} does not belong to the parameter set '{set}'."));
            }
        }
    }

    private static IEnumerable<(string Key, string Page, string Engine)> Differences(ParameterFacts page, ParameterFacts engine)
    {
        (string Key, string Page, string Engine)[] all =
        [
            ("Type", page.Type, engine.Type),
            ("Aliases", Names(page.Aliases), Names(engine.Aliases)),
            ("Accepted values", Names(page.AcceptedValues), Names(engine.AcceptedValues)),
            ("Required", $"{page.Required}", $"{engine.Required}"),
            ("Position", Position(page), Position(engine)),
            ("Accept pipeline input", page.PipelineInput, engine.PipelineInput),
            ("Accept wildcard characters", $"{page.Wildcards}", $"{engine.Wildcards}"),
        ];
        return all.Where(pair => pair.Page != pair.Engine);
    }

    private static string Names(IReadOnlyList<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal));

    private static string Position(ParameterFacts facts) => facts.Position is { } position ? $"{position}" : "Named";
}
