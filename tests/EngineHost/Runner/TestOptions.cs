namespace EngineHost.Runner;

/// <summary>What -Test was asked to run.</summary>
internal sealed class TestOptions
{
    public List<string> Paths { get; } = [];

    public List<string> Filters { get; } = [];

    public List<string> Tags { get; } = [];

    public List<string> ExcludeTags { get; } = [];
}
