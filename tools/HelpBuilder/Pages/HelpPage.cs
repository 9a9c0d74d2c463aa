namespace HelpBuilder.Pages;

/// <summary>The page of one cmdlet.</summary>
internal sealed record HelpPage
{
    public required string File { get; init; }

    /// <summary>The file's lines as read, for the modes that rewrite part of it.</summary>
    public required IReadOnlyList<string> SourceLines { get; init; }

    public required string Name { get; init; }

    public required int NameLine { get; init; }

    /// <summary>Name of the MAML file the page belongs to.</summary>
    public required string HelpFile { get; init; }

    public required string ModuleName { get; init; }

    /// <summary>Address for <c>Get-Help -Online</c>; empty for none.</summary>
    public required string OnlineVersion { get; init; }

    public required string Synopsis { get; init; }

    public required int SyntaxLine { get; init; }

    public required IReadOnlyList<PageSyntax> Syntax { get; init; }

    public required IReadOnlyList<TextBlock> Description { get; init; }

    public required IReadOnlyList<PageExample> Examples { get; init; }

    public required IReadOnlyList<PageParameter> Parameters { get; init; }

    /// <summary>Line of the heading that closes the parameters, <c>### CommonParameters</c>.</summary>
    public required int CommonParametersLine { get; init; }

    public required IReadOnlyList<PageType> Inputs { get; init; }

    public required IReadOnlyList<PageType> Outputs { get; init; }

    public required IReadOnlyList<TextBlock> Notes { get; init; }

    public required IReadOnlyList<PageLink> Links { get; init; }
}

/// <summary>One parameter set under SYNTAX.</summary>
/// <param name="Name">Name of the set; <see cref="OnlySet"/> for a cmdlet with one unnamed set.</param>
/// <param name="IsDefault">Whether the heading marks it as the default set.</param>
/// <param name="Text">The syntax line, white space collapsed.</param>
/// <param name="ParameterNames">The parameters in the order of the line.</param>
/// <param name="Line">Line in the page, counted from 1.</param>
internal sealed record PageSyntax(
    string Name,
    bool IsDefault,
    string Text,
    IReadOnlyList<string> ParameterNames,
    int Line)
{
    /// <summary>The engine's name for the set of a cmdlet that declares none.</summary>
    public const string OnlySet = "__AllParameterSets";
}

/// <summary>One example.</summary>
/// <param name="Title">Heading without its hashes: <c>Example 1: List what runs</c>.</param>
/// <param name="Blocks">Text and fences in the order of the page.</param>
/// <param name="Line">Line in the page, counted from 1.</param>
internal sealed record PageExample(string Title, IReadOnlyList<TextBlock> Blocks, int Line);

/// <summary>One parameter.</summary>
/// <param name="Name">Name without the hyphen.</param>
/// <param name="Description">The prose above the yaml blocks.</param>
/// <param name="Facts">One a yaml block: several when the sets differ.</param>
/// <param name="Line">Line of the heading, counted from 1.</param>
/// <param name="FirstFactsLine">Line of the first yaml fence, counted from 1.</param>
/// <param name="LastFactsLine">Line of the last closing yaml fence, counted from 1.</param>
internal sealed record PageParameter(
    string Name,
    IReadOnlyList<TextBlock> Description,
    IReadOnlyList<ParameterFacts> Facts,
    int Line,
    int FirstFactsLine,
    int LastFactsLine);

/// <summary>A type under INPUTS or OUTPUTS.</summary>
internal sealed record PageType(string Name, IReadOnlyList<TextBlock> Description, int Line);

/// <summary>A related link.</summary>
/// <param name="Text">What the reader sees.</param>
/// <param name="Target">A web address, or the file name of another page.</param>
/// <param name="Line">Line in the page, counted from 1.</param>
internal sealed record PageLink(string Text, string Target, int Line)
{
    public bool IsWeb => Uri.TryCreate(Target, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http";
}
