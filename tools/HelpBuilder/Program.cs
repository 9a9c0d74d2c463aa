using System.Text.Json;
using HelpBuilder.Facts;
using HelpBuilder.Output;
using HelpBuilder.Pages;

namespace HelpBuilder;

/// <summary>The command line.</summary>
internal static class Program
{
    private const string Usage = """
        Usage: HelpBuilder <docs folder> <output folder>          write the help files
               HelpBuilder --verify <docs folder> <cmdlets.json>  compare the pages with the cmdlets
               HelpBuilder --new <docs folder> <cmdlets.json>     write a skeleton for every cmdlet without a page
               HelpBuilder --update <docs folder> <cmdlets.json>  refresh syntax and yaml blocks of the pages
        """;

    public static int Main(string[] args) => Run(args, Console.Out, Console.Error);

    /// <summary>Runs one call.</summary>
    /// <returns>0 when all is well, 1 when a page is wrong, 2 when the call is.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        try
        {
            var problems = new List<PageProblem>();
            switch (args)
            {
                case ["--verify", var docs, var facts]:
                    PageVerifier.Run(docs, DocsFolder.Read(docs, problems), ModuleFacts.Read(facts), problems);
                    break;
                case ["--new", var docs, var facts]:
                    WriteNew(docs, ModuleFacts.Read(facts), output);
                    break;
                case ["--update", var docs, var facts]:
                    Update(DocsFolder.Read(docs, problems), ModuleFacts.Read(facts), output);
                    break;
                case [var docs, var target] when !docs.StartsWith("--", StringComparison.Ordinal):
                    HelpFolder.Build(docs, target, problems);
                    break;
                default:
                    error.WriteLine(Usage);
                    return 2;
            }

            foreach (var problem in problems)
            {
                error.WriteLine(problem);
            }

            return problems.Count == 0 ? 0 : 1;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            error.WriteLine(exception.Message);
            return 2;
        }
    }

    private static void WriteNew(string docs, ModuleFacts module, TextWriter output)
    {
        Directory.CreateDirectory(docs);
        foreach (var cmdlet in module.Cmdlets)
        {
            var file = Path.Combine(docs, cmdlet.Name + ".md");
            if (!File.Exists(file))
            {
                WriteLines(file, PageScaffold.NewPage(module.Module, new ExpectedPage(cmdlet)), output);
            }
        }
    }

    private static void Update(DocsFolder docs, ModuleFacts module, TextWriter output)
    {
        foreach (var page in docs.Cmdlets)
        {
            var cmdlet = module.Cmdlets.FirstOrDefault(known => known.Name.Equals(page.Name, StringComparison.OrdinalIgnoreCase));
            if (cmdlet is null)
            {
                continue;
            }

            var lines = PageScaffold.Update(page, new ExpectedPage(cmdlet));
            if (!lines.SequenceEqual(page.SourceLines))
            {
                WriteLines(page.File, lines, output);
            }
        }
    }

    private static void WriteLines(string file, IEnumerable<string> lines, TextWriter output)
    {
        File.WriteAllText(file, string.Join('\n', lines) + "\n");
        output.WriteLine(file);
    }
}
