namespace HelpBuilder.Pages;

/// <summary>Holds the SYNTAX section and the yaml blocks of one page against each other.</summary>
internal static class SyntaxCheck
{
    public static void Run(HelpPage page, List<PageProblem> problems)
    {
        var (file, syntax, parameters) = (page.File, page.Syntax, page.Parameters);
        foreach (var set in syntax)
        {
            foreach (var name in set.ParameterNames.Where(name => Find(parameters, name) is null))
            {
                problems.Add(new(file, set.Line, $"The syntax names -{name}, which no '### -{name}' describes."));
            }
        }

        foreach (var parameter in parameters)
        {
            foreach (var set in syntax)
            {
                var count = parameter.Facts.Count(facts => facts.HoldsIn(set.Name));
                var named = set.ParameterNames.Contains(parameter.Name, StringComparer.OrdinalIgnoreCase);
                if (count > 1)
                {
                    problems.Add(new(file, parameter.FirstFactsLine, $"Two yaml blocks of -{parameter.Name} speak of the parameter set '{set.Name}'."));
                }
                else if (named != (count == 1) && parameter.Facts.Count > 0)
                {
                    problems.Add(new(file, parameter.FirstFactsLine, named
                        ? $"The syntax of '{set.Name}' names -{parameter.Name}, no yaml block of it does."
                        : $"A yaml block puts -{parameter.Name} into '{set.Name}', whose syntax lacks it."));
                }
            }

            var unknown = parameter.Facts.SelectMany(facts => facts.ParameterSets)
                .Where(name => name != ParameterFacts.AllSets)
                .Where(name => !syntax.Any(set => set.Name.Equals(name, StringComparison.OrdinalIgnoreCase)));
            foreach (var name in unknown)
            {
                problems.Add(new(file, parameter.FirstFactsLine, $"-{parameter.Name} names the parameter set '{name}', which SYNTAX lacks."));
            }
        }
    }

    private static PageParameter? Find(IReadOnlyList<PageParameter> parameters, string name) =>
        parameters.FirstOrDefault(parameter => parameter.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
