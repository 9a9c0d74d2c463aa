using System.Text.Json.Nodes;

namespace HelpBuilder.Tests;

/// <summary>The two ends of the tool in the engine itself: its Get-Command, and its Get-Help.</summary>
public sealed class EngineTests : IDisposable
{
    private readonly DocsSandbox _docs = new();

    [Fact]
    public void TheFactsScriptSaysWhatTheSampleFactsSay()
    {
        using var engine = new BareEngine(_docs);
        var script = Path.Combine(AppContext.BaseDirectory, "Get-CmdletFacts.ps1");
        var facts = engine.Invoke(
            "function global:ConvertTo-Json { param($InputObject, $Depth) ,$InputObject }; & $args[0] -Module Samples", script);
        var json = BareEngine.ToJson(Assert.Single(facts))!;
        Assert.Equal(
            JsonNode.Parse(File.ReadAllText(_docs.Facts))!.ToJsonString(),
            json.ToJsonString());
    }

    [Theory]
    [InlineData("$help.Synopsis", "Gets samples by Id or refreshes those it is given.")]
    [InlineData("$help.Description[1].Text", "- one of a list\n- two, with code\n")]
    [InlineData("@($help.Syntax.SyntaxItem).Count", "2")]
    [InlineData("$help.Syntax.SyntaxItem[1].Parameter[0].Name", "InputObject")]
    [InlineData("@($help.Parameters.Parameter).Count", "8")]
    [InlineData("@($help.Parameters.Parameter)[2].PipelineInput", "True (ByPropertyName)")]
    [InlineData("$help.InputTypes.InputType.Type.Name", "HelpBuilder.Tests.SampleItem[]")]
    [InlineData("$help.ReturnValues.ReturnValue.Description[0].Text", "One a sample.")]
    [InlineData("$help.AlertSet.Alert[0].Text", "Samples do not exist.")]
    [InlineData("$help.Examples.Example[0].Introduction[0].Text", "Look for a name:\n\n")]
    [InlineData("$help.Examples.Example[0].Code", "Get-Sample web* |\n    Select-Object Id\n\n   Id\n   --\n  web")]
    [InlineData("$help.Examples.Example[0].Remarks[0].Text", "There it is. With force:\n\n   Id\n  web")]
    [InlineData("$help.RelatedLinks.NavigationLink[0].Uri", "https://example.org/get-sample")]
    public void GetHelpShowsThePage(string expression, string expected)
    {
        Assert.Equal(0, _docs.Build().Code);
        using var engine = new BareEngine(_docs);
        var value = engine.Invoke("$help = Get-Help Get-Sample -Full; " + expression);
        Assert.Equal(expected, Assert.Single(value).ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public void GetHelpFindsTheTopic()
    {
        Assert.Equal(0, _docs.Build().Code);
        using var engine = new BareEngine(_docs);
        var synopsis = Assert.Single(engine.Invoke("(Get-Help about_Samples).Synopsis")).ToString();
        Assert.StartsWith("Says what a sample is", synopsis.Trim(), StringComparison.Ordinal);
    }

    public void Dispose() => _docs.Dispose();
}
