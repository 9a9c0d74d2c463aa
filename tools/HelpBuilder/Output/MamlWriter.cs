using System.Globalization;
using System.Text;
using System.Xml;
using HelpBuilder.Pages;

namespace HelpBuilder.Output;

/// <summary>Writes cmdlets' pages as the MAML file Get-Help reads.</summary>
internal sealed class MamlWriter : IDisposable
{
    private const string Msh = "http://msh";
    private const string Maml = "http://schemas.microsoft.com/maml/2004/10";
    private const string Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private const string Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    private static readonly XmlWriterSettings Settings = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        Indent = true,
        NewLineChars = "\n",
    };

    private readonly XmlWriter _xml;

    private MamlWriter(Stream stream) => _xml = XmlWriter.Create(stream, Settings);

    public static void Write(Stream stream, IEnumerable<HelpPage> pages)
    {
        using var writer = new MamlWriter(stream);
        writer._xml.WriteStartElement("helpItems", Msh);
        writer._xml.WriteAttributeString("schema", "maml");
        foreach (var page in pages)
        {
            writer.WriteCommand(page);
        }

        writer._xml.WriteEndElement();
    }

    public void Dispose() => _xml.Dispose();

    private void WriteCommand(HelpPage page)
    {
        _xml.WriteStartElement("command", "command", Command);
        _xml.WriteAttributeString("xmlns", "maml", null, Maml);
        _xml.WriteAttributeString("xmlns", "dev", null, Dev);
        WriteDetails(page);
        WriteText("description", MamlText.Paragraphs(page.Description));
        WriteSyntax(page);

        Start("command", "parameters");
        foreach (var parameter in page.Parameters)
        {
            WriteParameter(parameter, parameter.Facts[0], inSyntax: false);
        }

        _xml.WriteEndElement();
        WriteTypes("inputTypes", "inputType", page.Inputs);
        WriteTypes("returnValues", "returnValue", page.Outputs);
        WriteNotes(page);
        WriteExamples(page);
        WriteLinks(page);
        _xml.WriteEndElement();
    }

    private void WriteDetails(HelpPage page)
    {
        var hyphen = page.Name.IndexOf('-', StringComparison.Ordinal);
        Start("command", "details");
        Element("command", "name", page.Name);
        Element("command", "verb", page.Name[..hyphen]);
        Element("command", "noun", page.Name[(hyphen + 1)..]);
        WriteText("description", [page.Synopsis]);
        _xml.WriteEndElement();
    }

    private void WriteSyntax(HelpPage page)
    {
        Start("command", "syntax");
        foreach (var set in page.Syntax)
        {
            Start("command", "syntaxItem");
            Element("maml", "name", page.Name);
            foreach (var name in set.ParameterNames)
            {
                var parameter = page.Parameters.First(known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
                WriteParameter(parameter, parameter.Facts.First(facts => facts.HoldsIn(set.Name)), inSyntax: true);
            }

            _xml.WriteEndElement();
        }

        _xml.WriteEndElement();
    }

    private void WriteParameter(PageParameter parameter, ParameterFacts facts, bool inSyntax)
    {
        Start("command", "parameter");
        Attribute("required", facts.Required);
        Attribute("variableLength", facts.Type.EndsWith("[]", StringComparison.Ordinal));
        Attribute("globbing", facts.Wildcards);
        _xml.WriteAttributeString("pipelineInput", facts.PipelineInput);
        _xml.WriteAttributeString("position", facts.Position?.ToString(CultureInfo.InvariantCulture) ?? "named");
        _xml.WriteAttributeString("aliases", facts.Aliases.Count == 0 ? "none" : string.Join(", ", facts.Aliases));
        Element("maml", "name", parameter.Name);
        if (!inSyntax)
        {
            WriteText("description", [.. MamlText.Paragraphs(parameter.Description), .. Values(facts), .. Differences(parameter)]);
        }

        WriteValue(facts, inSyntax);
        _xml.WriteEndElement();
    }

    private void WriteValue(ParameterFacts facts, bool inSyntax)
    {
        if (inSyntax && facts.AcceptedValues.Count > 0)
        {
            Start("command", "parameterValueGroup");
            foreach (var value in facts.AcceptedValues)
            {
                Start("command", "parameterValue");
                Attribute("required", false);
                Attribute("variableLength", false);
                _xml.WriteString(value);
                _xml.WriteEndElement();
            }

            _xml.WriteEndElement();
        }

        if (!facts.IsSwitch)
        {
            Start("command", "parameterValue");
            Attribute("required", true);
            Attribute("variableLength", facts.Type.EndsWith("[]", StringComparison.Ordinal));
            _xml.WriteString(facts.Type);
            _xml.WriteEndElement();
        }

        Start("dev", "type");
        Element("maml", "name", facts.Type);
        Element("maml", "uri", "");
        _xml.WriteEndElement();
        Element("dev", "defaultValue", facts.DefaultValue.Length == 0 ? "None" : facts.DefaultValue);
    }

    /// <summary>A sentence, not MAML's possibleValues: Get-Help puts an empty line after each of those.</summary>
    private static IEnumerable<string> Values(ParameterFacts facts) => facts.AcceptedValues.Count == 0
        ? []
        : [$"Accepted values: {string.Join(", ", facts.AcceptedValues)}."];

    /// <summary>Get-Help has one place a parameter; what differs between the sets becomes prose.</summary>
    private static IEnumerable<string> Differences(PageParameter parameter) => parameter.Facts.Skip(1).Select(facts =>
        $"In the parameter set {string.Join(", ", facts.ParameterSets)}: type {facts.Type}, "
        + (facts.Required ? "required, " : "not required, ")
        + (facts.Position is { } position ? $"position {position}, " : "named, ")
        + $"pipeline input {facts.PipelineInput}.");

    private void WriteTypes(string list, string item, IReadOnlyList<PageType> types)
    {
        Start("command", list);
        foreach (var type in types)
        {
            Start("command", item);
            Start("dev", "type");
            Element("maml", "name", type.Name);
            _xml.WriteEndElement();
            WriteText("description", MamlText.Paragraphs(type.Description));
            _xml.WriteEndElement();
        }

        _xml.WriteEndElement();
    }

    private void WriteNotes(HelpPage page)
    {
        if (page.Notes.Count == 0)
        {
            return;
        }

        Start("maml", "alertSet");
        WriteText("alert", MamlText.Paragraphs(page.Notes));
        _xml.WriteEndElement();
    }

    private void WriteExamples(HelpPage page)
    {
        Start("command", "examples");
        foreach (var example in page.Examples)
        {
            var parts = MamlText.Example(example);
            Start("command", "example");
            Element("maml", "title", $"------- {example.Title} -------");
            if (parts.Introduction.Length > 0)
            {
                WriteText("introduction", [parts.Introduction]);
            }

            Element("dev", "code", parts.Code);
            Start("dev", "remarks");
            WriteParagraphs(parts.Remarks);
            if (parts.Remarks.Count > 0)
            {
                // Get-Help would put the next example's title right below.
                WriteParagraphs([""]);
            }

            _xml.WriteEndElement();
            _xml.WriteEndElement();
        }

        _xml.WriteEndElement();
    }

    private void WriteLinks(HelpPage page)
    {
        Start("command", "relatedLinks");
        if (page.OnlineVersion.Length > 0)
        {
            // Get-Help -Online opens the first link that has an address.
            WriteLink("Online version:", page.OnlineVersion);
        }

        foreach (var link in page.Links)
        {
            WriteLink(link.Text, link.IsWeb ? link.Target : "");
        }

        _xml.WriteEndElement();
    }

    private void WriteLink(string text, string uri)
    {
        Start("maml", "navigationLink");
        Element("maml", "linkText", text);
        Element("maml", "uri", uri);
        _xml.WriteEndElement();
    }

    private void WriteText(string name, IReadOnlyList<string> paragraphs)
    {
        Start("maml", name);
        WriteParagraphs(paragraphs);
        _xml.WriteEndElement();
    }

    private void WriteParagraphs(IReadOnlyList<string> paragraphs)
    {
        foreach (var paragraph in paragraphs)
        {
            Element("maml", "para", paragraph);
        }
    }

    private void Start(string prefix, string name) => _xml.WriteStartElement(prefix, name, Namespace(prefix));

    private void Element(string prefix, string name, string text) =>
        _xml.WriteElementString(prefix, name, Namespace(prefix), text);

    private void Attribute(string name, bool value) => _xml.WriteAttributeString(name, value ? "true" : "false");

    private static string Namespace(string prefix) => prefix switch
    {
        "maml" => Maml,
        "dev" => Dev,
        _ => Command,
    };
}
