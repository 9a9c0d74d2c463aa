using EngineHost.Runner;

namespace EngineHost;

internal enum RunMode { Prompt, File, Command, Test, Help }

/// <summary>A command line that cannot be understood.</summary>
public sealed class UsageException(string message) : Exception(message);

/// <summary>The arguments of pwsh that our scripts use, and -Test.</summary>
internal sealed class CommandLine
{
    public const string Usage = """
        Usage: EngineHost [-NoProfile] [-NonInteractive] [-NoLogo] [-ExecutionPolicy POLICY]
                          [-File PATH [ARGUMENT...] | -Command TEXT... | -Test [TEST OPTIONS]]
        Test options: -Path FILE|FOLDER[,...]  -Filter NAME  -Tag TAG[,...]  -ExcludeTag TAG[,...]
        Without -File, -Command or -Test: an interactive prompt.
        """;

    private CommandLine() { }

    public RunMode Mode { get; private set; } = RunMode.Prompt;

    public bool NonInteractive { get; private set; }

    /// <summary>The script's path or the command's text.</summary>
    public string Text { get; private set; } = "";

    public IReadOnlyList<string> Arguments { get; private set; } = [];

    public TestOptions Test { get; } = new();

    public static CommandLine Parse(string[] args)
    {
        var line = new CommandLine();
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i].ToLowerInvariant())
            {
                case "-noprofile" or "-nop" or "-nologo" or "-nol":
                    break;
                case "-noninteractive" or "-noni":
                    line.NonInteractive = true;
                    break;
                case "-executionpolicy" or "-ep" or "-ex":
                    _ = Next(args, ref i);
                    break;
                case "-file" or "-f":
                    line.Mode = RunMode.File;
                    line.Text = Next(args, ref i);
                    line.Arguments = args[(i + 1)..];
                    return line;
                case "-command" or "-c":
                    line.Mode = RunMode.Command;
                    _ = Next(args, ref i);
                    line.Text = args[i] == "-" ? Console.In.ReadToEnd() : string.Join(' ', args[i..]);
                    return line;
                case "-test":
                    line.Mode = RunMode.Test;
                    line.ParseTest(args[(i + 1)..]);
                    return line;
                case "-help" or "-h" or "-?" or "--help":
                    line.Mode = RunMode.Help;
                    return line;
                case var other when other.StartsWith('-'):
                    throw new UsageException($"The option '{args[i]}' is not known here.");
                default:
                    line.Mode = RunMode.File;
                    line.Text = args[i];
                    line.Arguments = args[(i + 1)..];
                    return line;
            }
        }

        return line;
    }

    private void ParseTest(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i].ToLowerInvariant())
            {
                case "-path": Test.Paths.AddRange(List(Next(args, ref i))); break;
                case "-filter": Test.Filters.AddRange(List(Next(args, ref i))); break;
                case "-tag": Test.Tags.AddRange(List(Next(args, ref i))); break;
                case "-excludetag": Test.ExcludeTags.AddRange(List(Next(args, ref i))); break;
                default: throw new UsageException($"The test option '{args[i]}' is not known.");
            }
        }
    }

    private static string[] List(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string Next(string[] args, ref int i) =>
        ++i < args.Length ? args[i] : throw new UsageException($"The option '{args[i - 1]}' wants a value.");
}
