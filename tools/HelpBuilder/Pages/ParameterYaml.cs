using System.Globalization;

namespace HelpBuilder.Pages;

/// <summary>Reads and writes the yaml block of a parameter: flat <c>key: value</c> lines, nothing more of YAML.</summary>
internal static class ParameterYaml
{
    private const string Type = "Type";
    private const string ParameterSets = "Parameter Sets";
    private const string Aliases = "Aliases";
    private const string AcceptedValues = "Accepted values";
    private const string Required = "Required";
    private const string Position = "Position";
    private const string DefaultValue = "Default value";
    private const string PipelineInput = "Accept pipeline input";
    private const string Wildcards = "Accept wildcard characters";

    private static readonly string[] MandatoryKeys =
        [Type, ParameterSets, Aliases, Required, Position, DefaultValue, PipelineInput, Wildcards];

    /// <summary>Reads a block; what is wrong goes to <paramref name="problems"/> and gives null.</summary>
    /// <param name="text">The text between the fences.</param>
    /// <param name="file">Page, for the problems.</param>
    /// <param name="fenceLine">Line of the opening fence, counted from 1.</param>
    /// <param name="problems">Where problems go.</param>
    public static ParameterFacts? Read(string text, string file, int fenceLine, List<PageProblem> problems)
    {
        var before = problems.Count;
        var values = ReadPairs(text, file, fenceLine, problems);
        foreach (var key in MandatoryKeys.Where(key => !values.ContainsKey(key)))
        {
            problems.Add(new(file, fenceLine, $"The yaml block lacks '{key}:'."));
        }

        if (problems.Count > before)
        {
            return null;
        }

        var reader = new ValueReader(values, file, problems);
        var (byValue, byPropertyName) = reader.Pipeline(PipelineInput);
        var facts = new ParameterFacts
        {
            Type = reader.Text(Type),
            ParameterSets = reader.List(ParameterSets),
            Aliases = reader.List(Aliases),
            AcceptedValues = reader.List(AcceptedValues),
            Required = reader.Flag(Required),
            Position = reader.Position(Position),
            DefaultValue = reader.Text(DefaultValue),
            ByValue = byValue,
            ByPropertyName = byPropertyName,
            Wildcards = reader.Flag(Wildcards),
        };
        if (facts.Type.Length == 0)
        {
            problems.Add(new(file, values[Type].Line, "The type is empty."));
        }

        if (facts.ParameterSets.Count == 0)
        {
            problems.Add(new(file, values[ParameterSets].Line, $"No parameter set is named; write {ParameterFacts.AllSets} for all of them."));
        }

        return problems.Count > before ? null : facts;
    }

    /// <summary>The lines of a block with its fences.</summary>
    public static IEnumerable<string> Write(ParameterFacts facts)
    {
        yield return "```yaml";
        yield return Pair(Type, facts.Type);
        yield return Pair(ParameterSets, string.Join(", ", facts.ParameterSets));
        yield return Pair(Aliases, string.Join(", ", facts.Aliases));
        if (facts.AcceptedValues.Count > 0)
        {
            yield return Pair(AcceptedValues, string.Join(", ", facts.AcceptedValues));
        }

        yield return "";
        yield return Pair(Required, facts.Required ? "True" : "False");
        yield return Pair(Position, facts.Position?.ToString(CultureInfo.InvariantCulture) ?? "Named");
        yield return Pair(DefaultValue, facts.DefaultValue);
        yield return Pair(PipelineInput, facts.PipelineInput);
        yield return Pair(Wildcards, facts.Wildcards ? "True" : "False");
        yield return "```";
    }

    private static string Pair(string key, string value) => value.Length == 0 ? $"{key}:" : $"{key}: {value}";

    private static Dictionary<string, (string Value, int Line)> ReadPairs(
        string text, string file, int fenceLine, List<PageProblem> problems)
    {
        var values = new Dictionary<string, (string Value, int Line)>(StringComparer.Ordinal);
        var line = fenceLine;
        foreach (var source in text.Split('\n'))
        {
            line++;
            if (source.AsSpan().Trim().IsEmpty)
            {
                continue;
            }

            var colon = source.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
            {
                problems.Add(new(file, line, $"'{source.Trim()}' is not a 'key: value' line."));
                continue;
            }

            var key = source[..colon].Trim();
            if (key != AcceptedValues && !MandatoryKeys.Contains(key))
            {
                problems.Add(new(file, line, $"'{key}' is no key of a parameter's yaml block."));
            }
            else if (!values.TryAdd(key, (source[(colon + 1)..].Trim(), line)))
            {
                problems.Add(new(file, line, $"'{key}' is given twice."));
            }
        }

        return values;
    }

    private sealed class ValueReader(
        Dictionary<string, (string Value, int Line)> values, string file, List<PageProblem> problems)
    {
        public string Text(string key) => values[key].Value;

        public string[] List(string key) => values.TryGetValue(key, out var entry)
            ? entry.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [];

        public bool Flag(string key)
        {
            var (value, line) = values[key];
            if (!bool.TryParse(value, out var flag))
            {
                problems.Add(new(file, line, $"'{key}' is '{value}'; it must be True or False."));
            }

            return flag;
        }

        public int? Position(string key)
        {
            var (value, line) = values[key];
            if (value.Equals("Named", StringComparison.OrdinalIgnoreCase))
            {
                return null;
            }

            if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var position))
            {
                problems.Add(new(file, line, $"'{key}' is '{value}'; it must be Named or a number from 0."));
            }

            return position;
        }

        public (bool ByValue, bool ByPropertyName) Pipeline(string key)
        {
            var (value, line) = values[key];
            switch (value.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant())
            {
                case "FALSE":
                    return (false, false);
                case "TRUE(BYVALUE)":
                    return (true, false);
                case "TRUE(BYPROPERTYNAME)":
                    return (false, true);
                case "TRUE(BYPROPERTYNAME,BYVALUE)":
                case "TRUE(BYVALUE,BYPROPERTYNAME)":
                    return (true, true);
                default:
                    problems.Add(new(file, line, $"'{key}' is '{value}'; it must be False, True (ByValue), True (ByPropertyName) or True (ByPropertyName, ByValue)."));
                    return (false, false);
            }
        }
    }
}
