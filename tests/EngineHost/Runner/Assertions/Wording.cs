using System.Collections;
using System.Management.Automation;

namespace EngineHost.Runner.Assertions;

/// <summary>What a failed assertion says.</summary>
internal static class Wording
{
    private const int MostElements = 10;

    public static string Failure(string name, object? actual, object? expected, bool not, string? because)
    {
        var (wants, value) = (not ? "not to " : "to ", name is "BeNullOrEmpty" or "BeTrue" or "BeFalse" or "Exist" ? "" : " " + Show(expected));
        return $"Expected the value {wants}{Verb(name)}{value},{Reason(because)} but got {Show(actual)}.";
    }

    public static string Reason(string? because)
    {
        var text = because?.Trim() ?? "";
        return text.Length == 0 ? "" : (text.StartsWith("because", StringComparison.OrdinalIgnoreCase) ? " " : " because ") + text + ",";
    }

    public static string Place(ErrorRecord error) =>
        error.InvocationInfo is { ScriptName.Length: > 0 } at ? $"at {at.ScriptName}:{at.ScriptLineNumber}" : "outside of a file";

    /// <summary>What was asked of an exception, and what is different: nothing when it holds.</summary>
    public static (List<string> Wanted, List<string> Got) Exception(ErrorRecord? error, string? message, string? id, Type? type)
    {
        var (wanted, got) = (new List<string>(), new List<string>());
        void Ask(bool asked, string want, bool holds, Func<string> is_)
        {
            if (asked)
            {
                wanted.Add(want);
                if (error is not null && !holds)
                {
                    got.Add(is_());
                }
            }
        }

        Ask(type is not null, $"the type [{type}]", type?.IsInstanceOfType(error?.Exception) == true, () => $"its type was [{error!.Exception.GetType()}]");
        Ask(!string.IsNullOrWhiteSpace(message), $"a message like {Show(message)}", Like(error?.Exception.Message, message), () => $"its message was {Show(error!.Exception.Message)}");
        Ask(!string.IsNullOrWhiteSpace(id), $"the FullyQualifiedErrorId {Show(id)}", Like(error?.FullyQualifiedErrorId, id), () => $"its FullyQualifiedErrorId was {Show(error!.FullyQualifiedErrorId)}");
        if (error is null)
        {
            got.Add("none was thrown");
        }

        return (wanted, got);
    }

    public static string Show(object? value, int depth = 0)
    {
        value = Comparison.Base(value) is PSCustomObject ? value : Comparison.Base(value);
        switch (value)
        {
            case null: return "$null";
            case string text: return $"'{text}'";
            case bool truth: return truth ? "$true" : "$false";
            case Type type: return $"[{type}]";
            case ScriptBlock script: return $"{{{script}}}";
            case IDictionary table when depth < 3:
                return "@{" + string.Join("; ", table.Cast<DictionaryEntry>().Take(MostElements).Select(e => $"{e.Key}={Show(e.Value, depth + 1)}")) + "}";
            case IEnumerable many when depth < 3:
                var items = many.Cast<object?>().ToList();
                var more = items.Count > MostElements ? $", ...{items.Count - MostElements} more" : "";
                return "@(" + string.Join(", ", items.Take(MostElements).Select(i => Show(i, depth + 1))) + more + ")";
            default: return LanguagePrimitives.ConvertTo<string>(value);
        }
    }

    private static bool Like(string? text, string? pattern) =>
        pattern is not null && WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(text ?? "");

    private static string Verb(string name) => name switch
    {
        "Be" => "be",
        "BeExactly" => "be exactly",
        "BeNullOrEmpty" => "be $null or empty",
        "BeTrue" => "be true",
        "BeFalse" => "be false",
        "BeOfType" => "have the type",
        "BeLike" => "be like",
        "BeLikeExactly" => "be exactly like",
        "Match" => "match",
        "MatchExactly" => "match exactly",
        "BeGreaterThan" => "be greater than",
        "BeLessThan" => "be less than",
        "BeGreaterOrEqual" => "be greater than or equal to",
        "BeLessOrEqual" => "be less than or equal to",
        "BeIn" => "be in",
        "Contain" => "contain",
        "HaveCount" => "have the count",
        _ => "exist",
    };
}
