namespace HelpBuilder.Pages;

/// <summary>One thing wrong with one page, in the form editors and build logs turn into a link.</summary>
/// <param name="File">Path of the page as it was opened.</param>
/// <param name="Line">Line in the page, counted from 1.</param>
/// <param name="Message">A complete sentence.</param>
internal sealed record PageProblem(string File, int Line, string Message)
{
    public override string ToString() => $"{File}:{Line}: {Message}";
}
