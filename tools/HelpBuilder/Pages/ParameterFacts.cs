namespace HelpBuilder.Pages;

/// <summary>The yaml block of a parameter: what holds for it in the named parameter sets.</summary>
internal sealed record ParameterFacts
{
    /// <summary>The value of <see cref="ParameterSets"/> that stands for every parameter set.</summary>
    public const string AllSets = "(All)";

    /// <summary>Type name without its namespace: <c>String[]</c>, <c>SwitchParameter</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Names of parameter sets, or <see cref="AllSets"/> alone.</summary>
    public required IReadOnlyList<string> ParameterSets { get; init; }

    /// <summary>Other names of the parameter; empty for none.</summary>
    public required IReadOnlyList<string> Aliases { get; init; }

    /// <summary>Values of an enumeration or a ValidateSet; empty when anything goes.</summary>
    public required IReadOnlyList<string> AcceptedValues { get; init; }

    public required bool Required { get; init; }

    /// <summary>Position as the engine counts it, from 0; null for a named parameter.</summary>
    public required int? Position { get; init; }

    /// <summary>What the cmdlet does without the parameter, as the page words it.</summary>
    public required string DefaultValue { get; init; }

    public required bool ByValue { get; init; }

    public required bool ByPropertyName { get; init; }

    public required bool Wildcards { get; init; }

    public bool IsSwitch => Type == "SwitchParameter";

    /// <summary>Pipeline input as the yaml block and the help words it.</summary>
    public string PipelineInput => (ByPropertyName, ByValue) switch
    {
        (true, true) => "True (ByPropertyName, ByValue)",
        (true, false) => "True (ByPropertyName)",
        (false, true) => "True (ByValue)",
        _ => "False",
    };

    public bool HoldsIn(string parameterSet) =>
        ParameterSets is [AllSets] || ParameterSets.Contains(parameterSet, StringComparer.OrdinalIgnoreCase);
}
