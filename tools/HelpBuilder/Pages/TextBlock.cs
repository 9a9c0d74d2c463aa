namespace HelpBuilder.Pages;

/// <summary>What a <see cref="TextBlock"/> is, which decides how it may be wrapped.</summary>
internal enum TextBlockKind
{
    /// <summary>Prose: one or more lines, each of which may be wrapped.</summary>
    Paragraph,

    /// <summary>List items, one a line, each starting with its marker.</summary>
    List,

    /// <summary>Code, output or a table: every space counts.</summary>
    Verbatim,

    /// <summary>A heading inside a topic.</summary>
    Heading,
}

/// <summary>A block of a page as plain text.</summary>
/// <param name="Kind">How it may be wrapped.</param>
/// <param name="Text">The text, lines separated by a line feed.</param>
/// <param name="Line">Line in the page, counted from 1.</param>
/// <param name="Language">The info word of a fence; empty for everything else.</param>
internal sealed record TextBlock(TextBlockKind Kind, string Text, int Line, string Language = "");
