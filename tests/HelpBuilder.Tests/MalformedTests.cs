namespace HelpBuilder.Tests;

public sealed class MalformedTests : IDisposable
{
    private readonly DocsSandbox _docs = new();

    /// <summary>Each case breaks the page once; the problem must name the line where <paramref name="at"/> then stands.</summary>
    [Theory]
    [InlineData("schema: 2.0.0\n", "", "---", "lacks 'schema:'")]
    [InlineData("schema: 2.0.0", "schema: 3", "---", "schema 2.0.0")]
    [InlineData(".dll-Help.xml", ".dll.xml", "---", "must end in -Help.xml")]
    [InlineData("online version: https://example.org/get-sample", "online version: get-sample", "---", "no absolute address")]
    [InlineData("# Get-Sample", "# Get-Samples", "# Get-Samples", "the file name 'Get-Sample.md'")]
    [InlineData("# Get-Sample", "# Sample", "# Sample", "no Verb-Noun name")]
    [InlineData("## NOTES\n", "## NOTES\n\n# More\n", "# More", "exactly one # heading")]
    [InlineData("## NOTES", "## REMARKS", "## REMARKS", "no section")]
    [InlineData("## NOTES", "## INPUTS", "## INPUTS\n\nSamples do", "stands here twice")]
    [InlineData("## NOTES\n\nSamples do not exist.\n\n", "", "## RELATED LINKS", "'## NOTES' is missing")]
    [InlineData("## INPUTS", "## NOTES\n\n## INPUTS", "## INPUTS", "must stand before")]
    [InlineData("or refreshes", "\nor refreshes", "## SYNOPSIS", "one paragraph")]
    [InlineData("Gets *samples*", "Gets <samples>", "Gets <samples>", "HTML")]
    [InlineData("### ById (Default)\n```", "### ById (Default)\nText.\n```", "### ById", "one fence")]
    [InlineData("### ByObject", "### ById", "### ById\n```\nGet-Sample [-InputObject]", "twice")]
    [InlineData("### ByObject", "### ByObject (Default)", "### ByObject (Default)", "Two parameter sets")]
    [InlineData("Get-Sample [-InputObject]", "Get-Other [-InputObject]", "Get-Other", "must start with 'Get-Sample'")]
    [InlineData("### Example 2: Get all", "### Example 3: Get all", "### Example 3", "### Example 2: ")]
    [InlineData("```powershell\nGet-Sample\n```", "Nothing.", "### Example 2", "needs a ```powershell fence")]
    [InlineData("Every sample.", "```output\nopen", "```output\nopen", "not closed")]
    [InlineData("[The site](https://example.org/about)", "```\nopen", "```\nopen", "not closed")]
    [InlineData("### -Force", "### Force", "### Force", "must be '### -Name'")]
    [InlineData("### -Force", "### -Size", "### -Size\n\nThe least", "twice")]
    [InlineData("Gets hidden ones too.\n", "", "### -Force", "not described")]
    [InlineData("Samples to refresh.\n\n```yaml", "Samples to refresh.\n\n```", "### -InputObject", "no ```yaml block")]
    [InlineData("### -Id\n", "### -Id\n\nText\n\n```yaml\nType: A\n```\n", "```yaml\nType: A", "must close its section")]
    [InlineData("Type: String[]\n", "Type String[]\n", "Type String[]", "not a 'key: value' line")]
    [InlineData("Type: String[]\n", "Type: String[]\nKind: x\n", "Kind: x", "no key")]
    [InlineData("Type: String[]\n", "Type: String[]\nType: x\n", "Type: x", "given twice")]
    [InlineData("Aliases: Name\n", "", "```yaml\nType: String[]", "lacks 'Aliases:'")]
    [InlineData("Required: True\nPosition: 0", "Required: maybe\nPosition: 0", "Required: maybe", "True or False")]
    [InlineData("Position: 0", "Position: first", "Position: first", "Named or a number")]
    [InlineData("True (ByPropertyName)", "True", "Accept pipeline input: True\n", "must be False, True (ByValue)")]
    [InlineData("Parameter Sets: ById\nAliases: Name", "Parameter Sets:\nAliases: Name", "Parameter Sets:\n", "No parameter set")]
    [InlineData("Parameter Sets: ById\nAliases: Name", "Parameter Sets: ByX\nAliases: Name", "```yaml\nType: String[]", "'ByX', which SYNTAX lacks")]
    [InlineData("[-Size <Int64>]", "[-Length <Int64>]", "```\nGet-Sample [[-Id]", "names -Length")]
    [InlineData("[-Size <Int64>]", "", "```yaml\nType: Int64", "whose syntax lacks it")]
    [InlineData("### CommonParameters\n\nThe usual ones.\n\n", "", "## PARAMETERS", "must end in '### CommonParameters'")]
    [InlineData("### HelpBuilder.Tests.SampleItem[]\n\n", "", "## INPUTS", "at least one ### heading")]
    [InlineData("(about_Samples.md)", "(about_Nothing.md)", "[about_Samples](about_Nothing.md)", "neither a web address")]
    [InlineData("[The site](https://example.org/about)", "The site", "The site", "one [text](target) link")]
    [InlineData("(https://example.org/about)\n", "(https://example.org/about) too\n", "[The site](https://example.org/about) too", "one [text](target) link")]
    [InlineData("Every sample.", "See [that](Get-Nothing.md).", "See [that]", "neither a web address")]
    [InlineData("Every sample.", "Every \u001b[1msample.", "Every ", "U+001B")]
    [InlineData("Every sample.", "{{ Fill in what the example shows }}", "{{ Fill", "still waits to be written")]
    public void ABrokenPageIsRefusedWithItsLine(string old, string text, string at, string message)
    {
        DocsSandbox.Edit(_docs.Page, old, text);
        var (code, problems) = _docs.Build();
        Assert.Equal(1, code);
        var expected = $"{_docs.Page}:{DocsSandbox.LineOf(_docs.Page, at)}: ";
        Assert.Contains(problems, problem => problem.StartsWith(expected, StringComparison.Ordinal) && problem.Contains(message, StringComparison.Ordinal));
        Assert.False(Directory.Exists(_docs.Output), "A broken page must leave no half of the help behind.");
    }

    [Theory]
    [InlineData("# about_Samples", "# Samples", "# Samples", "starts with '# about_Samples'")]
    [InlineData("## Short description", "## Summary", "## Summary", "'## Short description' must stand here")]
    [InlineData("## Long description", "## Details", "## Details", "'## Long description' must stand here")]
    [InlineData("Says what", "Says\n\nwhat", "## Short description", "one paragraph")]
    [InlineData("Says what", "{{ Fill }}", "{{ Fill }}", "still waits")]
    [InlineData("(Get-Sample.md)", "(Get-Nothing.md)", "- [Get-Sample]", "neither a web address")]
    public void ABrokenTopicIsRefusedWithItsLine(string old, string text, string at, string message)
    {
        DocsSandbox.Edit(_docs.Topic, old, text);
        var (code, problems) = _docs.Build();
        Assert.Equal(1, code);
        var expected = $"{_docs.Topic}:{DocsSandbox.LineOf(_docs.Topic, at)}: ";
        Assert.Contains(problems, problem => problem.StartsWith(expected, StringComparison.Ordinal) && problem.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void AFileOfNoKnownKindIsRefused()
    {
        File.WriteAllText(Path.Combine(_docs.Docs, "Readme.md"), "# Hello\n");
        Assert.Equal(1, _docs.Build().Code);
    }

    [Fact]
    public void AMissingFolderIsNoCrash()
    {
        using var text = new StringWriter();
        Assert.Equal(2, Program.Run([Path.Combine(_docs.Root, "none"), _docs.Output], text, text));
        Assert.Equal(2, Program.Run([], text, text));
    }

    public void Dispose() => _docs.Dispose();
}
