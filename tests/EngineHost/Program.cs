using EngineHost.Hosting;

namespace EngineHost;

internal static class Program
{
    private static int Main(string[] args)
    {
        // Read once, when the engine's first type is touched: it has to be set before that.
        Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
        try
        {
            return Run(CommandLine.Parse(args));
        }
        catch (UsageException e)
        {
            Console.Error.WriteLine(e.Message);
            Console.Error.WriteLine(CommandLine.Usage);
            return 64;
        }
    }

    private static int Run(CommandLine line)
    {
        if (line.Mode == RunMode.Help)
        {
            Console.WriteLine(CommandLine.Usage);
            return 0;
        }

        using var shell = new Shell(line.NonInteractive, line.Mode == RunMode.Test ? Runner.Discovery.Register : null);
        return line.Mode switch
        {
            RunMode.File => shell.RunFile(line.Text, line.Arguments),
            RunMode.Command => shell.RunCommand(line.Text),
            RunMode.Test => Runner.TestRun.Start(shell, line.Test),
            _ => shell.RunPrompt(),
        };
    }
}
