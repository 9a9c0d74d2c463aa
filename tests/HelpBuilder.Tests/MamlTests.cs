using System.Xml;
using System.Xml.XPath;

namespace HelpBuilder.Tests;

public sealed class MamlTests : IDisposable
{
    private readonly DocsSandbox _docs = new();

    [Theory]
    [InlineData("string(command:details/command:name)", "Get-Sample")]
    [InlineData("string(command:details/command:verb)", "Get")]
    [InlineData("string(command:details/command:noun)", "Sample")]
    [InlineData("string(command:details/maml:description/maml:para)", "Gets samples by Id or refreshes those it is given.")]
    [InlineData("string(maml:description/maml:para[1])", "A sample costs less than 5 < 6 & is free. See the site (https://example.org/about).")]
    [InlineData("string(maml:description/maml:para[2])", "- one of a list\n- two, with code")]
    [InlineData("string(maml:description/maml:para[3])", "A table:\n\n  ID  NAME\n   1  one")]
    [InlineData("count(command:syntax/command:syntaxItem)", "2")]
    [InlineData("count(command:syntax/command:syntaxItem[1]/command:parameter)", "7")]
    [InlineData("string(command:syntax/command:syntaxItem[1]/command:parameter[1]/maml:name)", "Id")]
    [InlineData("string(command:syntax/command:syntaxItem[1]/command:parameter[1]/@position)", "0")]
    [InlineData("string(command:syntax/command:syntaxItem[1]/command:parameter[maml:name='Colour']/@required)", "false")]
    [InlineData("string(command:syntax/command:syntaxItem[2]/command:parameter[maml:name='Colour']/@required)", "true")]
    [InlineData("string(command:syntax/command:syntaxItem[1]/command:parameter[maml:name='Speed']/command:parameterValueGroup/command:parameterValue[2])", "slow")]
    [InlineData("count(command:syntax/command:syntaxItem[1]/command:parameter[maml:name='Force']/command:parameterValue)", "0")]
    [InlineData("count(command:parameters/command:parameter)", "8")]
    [InlineData("string(command:parameters/command:parameter[maml:name='Id']/@pipelineInput)", "True (ByPropertyName)")]
    [InlineData("string(command:parameters/command:parameter[maml:name='Id']/@globbing)", "true")]
    [InlineData("string(command:parameters/command:parameter[maml:name='Id']/@variableLength)", "true")]
    [InlineData("string(command:parameters/command:parameter[maml:name='Id']/@aliases)", "Name")]
    [InlineData("string(command:parameters/command:parameter[maml:name='Id']/dev:defaultValue)", "all samples")]
    [InlineData("string(command:parameters/command:parameter[maml:name='Size']/@position)", "named")]
    [InlineData("string(command:parameters/command:parameter[maml:name='Size']/dev:type/maml:name)", "Int64")]
    [InlineData("string(command:parameters/command:parameter[maml:name='Speed']/maml:description/maml:para[2])", "Accepted values: fast, slow.")]
    [InlineData("string(command:parameters/command:parameter[maml:name='Colour']/maml:description/maml:para[3])", "In the parameter set ByObject: type SampleColour, required, named, pipeline input False.")]
    [InlineData("string(command:inputTypes/command:inputType/dev:type/maml:name)", "HelpBuilder.Tests.SampleItem[]")]
    [InlineData("string(command:returnValues/command:returnValue/maml:description/maml:para)", "One a sample.")]
    [InlineData("string(maml:alertSet/maml:alert/maml:para)", "Samples do not exist.")]
    [InlineData("count(command:examples/command:example)", "2")]
    [InlineData("string(command:examples/command:example[1]/maml:title)", "------- Example 1: Get one -------")]
    [InlineData("string(command:examples/command:example[1]/maml:introduction/maml:para)", "Look for a name:\n\n")]
    [InlineData("string(command:examples/command:example[1]/dev:code)", "Get-Sample web* |\n    Select-Object Id\n\n   Id\n   --\n  web")]
    [InlineData("string(command:examples/command:example[1]/dev:remarks/maml:para[1])", "There it is. With force:\n\n   Id\n  web")]
    [InlineData("string(command:relatedLinks/maml:navigationLink[1]/maml:uri)", "https://example.org/get-sample")]
    [InlineData("string(command:relatedLinks/maml:navigationLink[2]/maml:linkText)", "about_Samples")]
    [InlineData("string(command:relatedLinks/maml:navigationLink[2]/maml:uri)", "")]
    [InlineData("string(command:relatedLinks/maml:navigationLink[3]/maml:uri)", "https://example.org/about")]
    public void EveryPartOfThePageIsInTheHelpFile(string path, string expected)
    {
        Assert.Equal(0, _docs.Build().Code);
        using var reader = XmlReader.Create(Path.Combine(_docs.Output, "HelpBuilder.Tests.dll-Help.xml"));
        var document = new XPathDocument(reader);
        var names = new XmlNamespaceManager(new NameTable());
        names.AddNamespace("msh", "http://msh");
        names.AddNamespace("maml", "http://schemas.microsoft.com/maml/2004/10");
        names.AddNamespace("command", "http://schemas.microsoft.com/maml/dev/command/2004/10");
        names.AddNamespace("dev", "http://schemas.microsoft.com/maml/dev/2004/10");
        var command = document.CreateNavigator().SelectSingleNode("/msh:helpItems[@schema='maml']/command:command", names);
        Assert.Equal(expected, Convert.ToString(command!.Evaluate(path, names), System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void TheSamePagesGiveTheSameBytes()
    {
        var file = Path.Combine(_docs.Output, "HelpBuilder.Tests.dll-Help.xml");
        _docs.Build();
        var first = File.ReadAllBytes(file);
        File.WriteAllText(_docs.Page, File.ReadAllText(_docs.Page).ReplaceLineEndings("\r\n"));
        _docs.Build();
        Assert.Equal(first, File.ReadAllBytes(file));
        Assert.DoesNotContain((byte)'\r', first);
    }

    [Fact]
    public void ATopicBecomesTextOfEightyColumns()
    {
        Assert.Equal(0, _docs.Build().Code);
        var lines = File.ReadAllText(Path.Combine(_docs.Output, "about_Samples.help.txt")).TrimEnd('\n').Split('\n');
        string[] expected =
        [
            "TOPIC",
            "    about_Samples",
            "",
            "SHORT DESCRIPTION",
            "    Says what a sample is, in a sentence that is long enough to need a second",
            "    line in the text file.",
            "",
            "LONG DESCRIPTION",
            "    A sample is nothing in particular: [ and * are signs. This paragraph goes on",
            "    in a second line of the page, and the text file breaks it where eighty",
            "    columns end.",
            "",
            "    How to get one",
            "    --------------",
            "",
            "    1. Decide which sample you want, because there are many of them and each has",
            "       an id of its own.",
            "    2. Ask for it:",
            "",
            "        Get-Sample -Id a-very-long-identifier-that-no-wrapping-may-ever-break-into-two-lines -Force",
            "",
            "SEE ALSO",
            "    - Get-Sample",
        ];
        Assert.Equal(expected, lines);
    }

    public void Dispose() => _docs.Dispose();
}
