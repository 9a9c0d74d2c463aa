using HelpBuilder.Pages;

namespace HelpBuilder.Facts;

/// <summary>What the facts of a cmdlet demand of its page.</summary>
internal sealed class ExpectedPage
{
    private const int SyntaxWidth = 100;

    private static readonly string[] LastParameters = ["Confirm", "WhatIf"];

    private readonly CmdletFacts _cmdlet;

    public ExpectedPage(CmdletFacts cmdlet)
    {
        _cmdlet = cmdlet;

        // The engine's order follows reflection, which promises none.
        Sets = [.. cmdlet.ParameterSets.OrderByDescending(set => set.IsDefault).ThenBy(set => set.Name, StringComparer.Ordinal)];
        Parameters =
        [
            .. cmdlet.ParameterSets.SelectMany(set => set.Parameters).Select(parameter => parameter.Name)
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .OrderBy(name => LastParameters.Contains(name))
                .ThenBy(name => name, StringComparer.Ordinal),
        ];
    }

    public string Name => _cmdlet.Name;

    public string HelpFile => _cmdlet.HelpFile;

    /// <summary>Parameter sets, the default first.</summary>
    public IReadOnlyList<ParameterSetFacts> Sets { get; }

    /// <summary>Names in the order of the page: by the alphabet, Confirm and WhatIf last.</summary>
    public IReadOnlyList<string> Parameters { get; }

    /// <summary>Types under INPUTS: what a parameter takes whole from the pipeline.</summary>
    public IReadOnlyList<string> Inputs => OrNone(_cmdlet.ParameterSets.SelectMany(set => set.Parameters)
        .Where(parameter => parameter.ByValue).Select(parameter => parameter.Type));

    /// <summary>Types under OUTPUTS.</summary>
    public IReadOnlyList<string> Outputs => OrNone(_cmdlet.OutputTypes);

    /// <summary>The yaml blocks of a parameter: one when it is the same everywhere, else one a kind.</summary>
    public IReadOnlyList<ParameterFacts> Facts(string parameter, string defaultValue)
    {
        var groups = new List<ParameterFacts>();
        foreach (var set in Sets)
        {
            var found = set.Parameters.FirstOrDefault(known => known.Name.Equals(parameter, StringComparison.OrdinalIgnoreCase));
            if (found is null)
            {
                continue;
            }

            var facts = Facts(found, set.Name, defaultValue);
            var same = groups.FindIndex(group => Same(group, facts));
            if (same < 0)
            {
                groups.Add(facts);
            }
            else
            {
                groups[same] = groups[same] with { ParameterSets = [.. groups[same].ParameterSets, set.Name] };
            }
        }

        return groups is [var only] && only.ParameterSets.Count == Sets.Count
            ? [only with { ParameterSets = [ParameterFacts.AllSets] }]
            : groups;
    }

    /// <summary>The lines of the SYNTAX section under its heading.</summary>
    public IEnumerable<string> SyntaxSection()
    {
        yield return "";
        foreach (var set in Sets)
        {
            if (set.Name != PageSyntax.OnlySet)
            {
                yield return $"### {set.Name}{(set.IsDefault ? " (Default)" : "")}";
            }

            yield return "```";
            foreach (var line in Wrap(SyntaxItems(set)))
            {
                yield return line;
            }

            yield return "```";
            yield return "";
        }
    }

    /// <summary>The syntax of a set in one line.</summary>
    public string Syntax(ParameterSetFacts set) => string.Join(' ', SyntaxItems(set));

    /// <summary>Whether two blocks say the same but for their sets and the wording of the default.</summary>
    private static bool Same(ParameterFacts left, ParameterFacts right) =>
        left.Type == right.Type
        && left.Required == right.Required
        && left.Position == right.Position
        && left.ByValue == right.ByValue
        && left.ByPropertyName == right.ByPropertyName;

    private static ParameterFacts Facts(EngineParameter parameter, string set, string defaultValue) => new()
    {
        Type = TypeName.Short(parameter.Type),
        ParameterSets = [set],
        Aliases = [.. parameter.Aliases.Order(StringComparer.Ordinal)],
        AcceptedValues = parameter.AcceptedValues,
        Required = parameter.Mandatory,
        Position = parameter.Position,
        DefaultValue = defaultValue,
        ByValue = parameter.ByValue,
        ByPropertyName = parameter.ByPropertyName,
        Wildcards = parameter.Wildcards,
    };

    private static List<string> OrNone(IEnumerable<string> types)
    {
        var distinct = types.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return distinct.Count == 0 ? ["None"] : distinct;
    }

    private static string SyntaxItem(EngineParameter parameter)
    {
        var type = TypeName.Short(parameter.Type);
        var name = parameter.Position is null ? $"-{parameter.Name}" : $"[-{parameter.Name}]";
        var item = type == "SwitchParameter" ? name : $"{name} <{type}>";
        return parameter.Mandatory ? item : $"[{item}]";
    }

    private static IEnumerable<string> Wrap(IEnumerable<string> items)
    {
        var line = "";
        foreach (var item in items)
        {
            if (line.Length > 0 && line.Length + 1 + item.Length > SyntaxWidth)
            {
                yield return line;
                line = " " + item;
            }
            else
            {
                line = line.Length == 0 ? item : line + " " + item;
            }
        }

        yield return line;
    }

    private IEnumerable<string> SyntaxItems(ParameterSetFacts set)
    {
        var parameters = set.Parameters
            .OrderBy(parameter => parameter.Position ?? int.MaxValue)
            .ThenByDescending(parameter => parameter.Mandatory)
            .ThenBy(parameter => LastParameters.Contains(parameter.Name))
            .ThenBy(parameter => parameter.Name, StringComparer.Ordinal);
        return [_cmdlet.Name, .. parameters.Select(SyntaxItem), "[<CommonParameters>]"];
    }
}
