using System.Management.Automation;

namespace EngineHost.Runner;

/// <summary>What -Test was asked to run.</summary>
public sealed class TestOptions
{
    /// <summary>Files and folders; empty: tests/Pester.</summary>
    public List<string> Paths { get; } = [];

    /// <summary>Wildcards for full names; one without a wildcard may be anywhere in the name.</summary>
    public List<string> Filters { get; } = [];

    public List<string> Tags { get; } = [];

    public List<string> ExcludeTags { get; } = [];

    internal bool Selects(TestCase test)
    {
        var tags = test.Ancestors.SelectMany(b => b.Tags).Concat(test.Tags).ToList();
        return !Any(ExcludeTags, tags)
            && (Tags.Count == 0 || Any(Tags, tags))
            && (Filters.Count == 0 || Any(Filters.Select(f => WildcardPattern.ContainsWildcardCharacters(f) ? f : $"*{f}*"), [test.FullName]));
    }

    private static bool Any(IEnumerable<string> patterns, List<string> texts) =>
        patterns.Any(p => texts.Exists(WildcardPattern.Get(p, WildcardOptions.IgnoreCase).IsMatch));
}
