using System.Text.Json.Nodes;

namespace HelpBuilder.Tests;

/// <summary>Pages against facts: --verify, --new and --update.</summary>
public sealed class DriftTests : IDisposable
{
    private readonly DocsSandbox _docs = new();

    [Fact]
    public void APageThatFitsPasses()
    {
        var (code, problems) = _docs.Verify();
        Assert.Empty(problems);
        Assert.Equal(0, code);
    }

    [Theory]
    [InlineData("Type: String[]", "Type: String", "-Id says 'Type: String', the cmdlet says 'String[]'")]
    [InlineData("Aliases: Name", "Aliases: Title", "-Id says 'Aliases: Title', the cmdlet says 'Name'")]
    [InlineData("Accepted values: fast, slow", "Accepted values: fast", "-Speed says 'Accepted values: fast'")]
    [InlineData("Required: True", "Required: False", "-Colour says 'Required: False'")]
    [InlineData("Position: 0", "Position: 1", "-Id says 'Position: 1'")]
    [InlineData("True (ByPropertyName)", "False", "-Id says 'Accept pipeline input: False'")]
    [InlineData("Accept wildcard characters: True", "Accept wildcard characters: False", "-Id says 'Accept wildcard characters: False'")]
    [InlineData("Parameter Sets: ById\nAliases: Name", "Parameter Sets: ByObject\nAliases: Name", "-Id belongs to the parameter set 'ById'")]
    [InlineData("Parameter Sets: ById\nAliases: Name", "Parameter Sets: ByObject\nAliases: Name", "-Id does not belong to the parameter set 'ByObject'")]
    [InlineData("### -Size", "### -Length", "The parameter -Size is not described")]
    [InlineData("### -Size", "### -Length", "Get-Sample has no parameter -Length")]
    [InlineData("### -Size", "### -size", "The parameter is written -Size")]
    [InlineData("### ByObject", "### ByThing", "The parameter set 'ByObject' is missing")]
    [InlineData("### ByObject", "### ByThing", "Get-Sample has no parameter set 'ByThing'")]
    [InlineData("### ById (Default)", "### ById", "The parameter set 'ById' is the default")]
    [InlineData("[-Size <Int64>]", "[-Size <Int32>]", "The syntax of 'ById' is: Get-Sample [[-Id] <String[]>]")]
    [InlineData("HelpBuilder.Tests.dll-Help.xml", "Samples.dll-Help.xml", "looks for the help of Get-Sample in 'HelpBuilder.Tests.dll-Help.xml'")]
    [InlineData("Module Name: Samples", "Module Name: Others", "The module is 'Samples'")]
    public void EveryKindOfDriftIsFound(string old, string text, string message)
    {
        DocsSandbox.Edit(_docs.Page, old, text);
        var (code, problems) = _docs.Verify();
        Assert.Equal(1, code);
        Assert.Contains(problems, problem => problem.StartsWith(_docs.Page + ":", StringComparison.Ordinal) && problem.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void ACmdletWithoutPageIsFound()
    {
        File.Delete(_docs.Page);
        var (code, problems) = _docs.Verify();
        Assert.Equal(1, code);
        Assert.EndsWith("Get-Sample has no page.", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void APageWithoutCmdletIsFound()
    {
        EditFacts(facts => facts["cmdlets"]!.AsArray().Clear());
        var (code, problems) = _docs.Verify();
        Assert.Equal(1, code);
        Assert.EndsWith("Samples has no such cmdlet.", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void FactsThatLackSomethingAreRefused()
    {
        EditFacts(facts => facts["cmdlets"]![0]!.AsObject().Remove("helpFile"));
        Assert.Equal(2, _docs.Verify().Code);
    }

    [Fact]
    public void ANewPageFitsTheCmdletAndWaitsForProse()
    {
        File.Delete(_docs.Page);
        Assert.Equal(0, _docs.New().Code);
        Assert.Equal(0, _docs.Verify().Code);

        var (code, problems) = _docs.Build();
        Assert.Equal(1, code);
        Assert.Contains($"{_docs.Page}:{DocsSandbox.LineOf(_docs.Page, "{{ Fill Size")}: ", string.Join('\n', problems), StringComparison.Ordinal);
    }

    [Fact]
    public void ANewPageNeverReplacesAnOldOne()
    {
        var before = File.ReadAllText(_docs.Page);
        Assert.Equal(0, _docs.New().Code);
        Assert.Equal(before, File.ReadAllText(_docs.Page));
    }

    [Fact]
    public void ACmdletWithOneUnnamedSetGetsNoSetHeading()
    {
        File.Delete(_docs.Page);
        EditFacts(facts =>
        {
            var sets = facts["cmdlets"]![0]!["parameterSets"]!.AsArray();
            sets.RemoveAt(1);
            sets[0]!["name"] = "__AllParameterSets";
            sets[0]!["isDefault"] = false;
        });
        _docs.New();
        Assert.Contains("## SYNTAX\n\n```\nGet-Sample", File.ReadAllText(_docs.Page), StringComparison.Ordinal);
        Assert.DoesNotContain("__AllParameterSets", File.ReadAllText(_docs.Page), StringComparison.Ordinal);
        Assert.Equal(0, _docs.Verify().Code);
    }

    [Fact]
    public void AnUpdateRepairsTheFactsAndLeavesTheProse()
    {
        // The sample's syntax is wrapped by hand; the first update settles it.
        Assert.Equal(0, _docs.Update().Code);
        var good = File.ReadAllText(_docs.Page);
        DocsSandbox.Edit(_docs.Page, "Type: String[]", "Type: String");
        DocsSandbox.Edit(_docs.Page, "Required: True", "Required: False");
        DocsSandbox.Edit(_docs.Page, "[-Size <Int64>]", "[-Size <Int32>]");
        DocsSandbox.Edit(_docs.Page, "### ById (Default)", "### ById");
        Assert.Equal(1, _docs.Verify().Code);

        Assert.Equal(0, _docs.Update().Code);
        Assert.Equal(good, File.ReadAllText(_docs.Page));
        Assert.Equal(0, _docs.Verify().Code);
    }

    [Fact]
    public void AnUpdateKeepsTheWordingOfEachDefault()
    {
        _docs.Update();
        var text = File.ReadAllText(_docs.Page);
        Assert.Contains("Parameter Sets: ById\nAliases:\nAccepted values: Red, Green\n\nRequired: False\nPosition: Named\nDefault value: any colour\n", text, StringComparison.Ordinal);
        Assert.Contains("Parameter Sets: ByObject\nAliases:\nAccepted values: Red, Green\n\nRequired: True\nPosition: Named\nDefault value: None\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Alpha", "### -Alpha", "### -Colour")]
    [InlineData("Sort", "### -Sort", "### -Speed")]
    [InlineData("Zone", "### -Zone", "### -Confirm")]
    public void AnUpdateAddsNewParametersInTheirPlace(string name, string heading, string next)
    {
        EditFacts(facts =>
        {
            foreach (var set in facts["cmdlets"]![0]!["parameterSets"]!.AsArray())
            {
                var parameters = set!["parameters"]!.AsArray();
                var added = parameters.First(parameter => (string?)parameter!["name"] == "Size")!.DeepClone();
                added["name"] = name;
                parameters.Add(added);
            }
        });
        Assert.Equal(0, _docs.Update().Code);
        Assert.Equal(0, _docs.Verify().Code);
        var headings = File.ReadAllLines(_docs.Page).Where(line => line.StartsWith("### -", StringComparison.Ordinal)).ToList();
        Assert.Equal(next, headings[headings.IndexOf(heading) + 1]);
        Assert.Equal(1, _docs.Build().Code);
    }

    [Fact]
    public void AnUpdateLeavesTheProseOfARemovedParameterToItsAuthor()
    {
        EditFacts(facts =>
        {
            foreach (var set in facts["cmdlets"]![0]!["parameterSets"]!.AsArray())
            {
                var parameters = set!["parameters"]!.AsArray();
                parameters.Remove(parameters.First(parameter => (string?)parameter!["name"] == "Size"));
            }
        });
        Assert.Equal(0, _docs.Update().Code);
        Assert.Contains("The least size, in bytes.", File.ReadAllText(_docs.Page), StringComparison.Ordinal);
        Assert.EndsWith("Get-Sample has no parameter -Size.", Assert.Single(_docs.Verify().Problems), StringComparison.Ordinal);
    }

    public void Dispose() => _docs.Dispose();

    private void EditFacts(Action<JsonNode> edit)
    {
        var facts = JsonNode.Parse(File.ReadAllText(_docs.Facts))!;
        edit(facts);
        File.WriteAllText(_docs.Facts, facts.ToJsonString());
    }
}
