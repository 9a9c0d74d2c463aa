using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Text;

namespace EngineHost.Hosting;

/// <summary>One runspace with our host and commands, and the ways to run something in it.</summary>
internal sealed class Shell : Runner.ITestShell, IDisposable
{
    private readonly Host _host;
    private readonly Runspace _runspace;
    private volatile PowerShell? _running;

    public Shell(bool nonInteractive, Action<InitialSessionState>? extend = null)
    {
        _host = new Host(nonInteractive);
        var state = InitialSessionState.CreateDefault2();
        // The module lies where the engine looks for its own, so that runspaces of ForEach-Object -Parallel find it too.
        state.ImportPSModule([Path.Combine(AppContext.BaseDirectory, "Modules", "EngineHost.Commands")]);
        extend?.Invoke(state);
        _runspace = RunspaceFactory.CreateRunspace(_host, state);
        _runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
        _runspace.Open();
        Runspace.DefaultRunspace = _runspace;
        Console.CancelKeyPress += OnCancel;
    }

    public PSHostUserInterface UI => _host.UI;

    public void Dispose()
    {
        Console.CancelKeyPress -= OnCancel;
        _runspace.Dispose();
    }

    /// <summary>Runs a script file with the arguments of a command line; returns the process's exit code.</summary>
    public int RunFile(string path, IReadOnlyList<string> arguments)
    {
        var full = Path.GetFullPath(path);
        if (!File.Exists(full))
        {
            Console.Error.WriteLine($"The script file '{path}' does not exist.");
            return 64;
        }

        var command = new Command(full, isScript: false, useLocalScope: false);
        ScriptArguments.Add(command.Parameters, arguments);
        EngineInternals.RethrowExit(_runspace);
        return ExitCode(Invoke(command));
    }

    /// <summary>Runs a text as one command; returns the process's exit code.</summary>
    public int RunCommand(string text) => ExitCode(RunText(text));

    /// <inheritdoc/>
    public bool RunScript(string text, object argument)
    {
        var command = new Command(text, isScript: true, useLocalScope: true);
        command.Parameters.Add(null, argument);
        return Invoke(command);
    }

    /// <inheritdoc/>
    public ErrorRecord? RunQuietly(string text, object argument)
    {
        using var shell = PowerShell.Create(_runspace);
        try
        {
            _ = shell.AddScript(text, useLocalScope: true).AddArgument(argument).Invoke();
            foreach (var error in shell.Streams.Error)
            {
                Report(error);
            }

            return null;
        }
        catch (RuntimeException e)
        {
            return e.ErrorRecord;
        }
    }

    public int RunPrompt()
    {
        var text = new StringBuilder();
        while (_host.ExitCode is null)
        {
            if (!Console.IsInputRedirected)
            {
                Console.Out.Write(text.Length > 0 ? ">> " : PromptText());
            }

            if (Console.In.ReadLine() is not { } line)
            {
                // Ctrl+C at the prompt reads as end of input on some terminals; the input itself is what tells.
                break;
            }

            // An empty line ends an incomplete input, whose error is then shown: the way out for the user.
            text.AppendLine(line);
            if (line.Length > 0 && IsIncomplete(text.ToString()))
            {
                continue;
            }

            _ = RunText(text.ToString());
            text.Clear();
        }

        return _host.ExitCode ?? 0;
    }

    private static bool IsIncomplete(string text)
    {
        _ = Parser.ParseInput(text, out _, out var errors);
        return errors.Any(e => e.IncompleteInput);
    }

    private static Command OutDefault() =>
        new("Out-Default") { MergeUnclaimedPreviousCommandResults = PipelineResultTypes.Error | PipelineResultTypes.Output };

    private string PromptText()
    {
        using var prompt = PowerShell.Create(_runspace);
        try
        {
            return string.Concat(prompt.AddCommand("prompt").Invoke<string>());
        }
        catch (RuntimeException)
        {
            return "PS> ";
        }
    }

    // The engine keeps a text's $? only when the text goes into the history: -Command's exit code depends on it.
    private bool RunText(string text) => Invoke(new Command(text, isScript: true, useLocalScope: false), addToHistory: true);

    private bool Invoke(Command command, bool addToHistory = false)
    {
        using var shell = PowerShell.Create(_runspace);
        shell.Commands.AddCommand(command).AddCommand(OutDefault());
        _running = shell;
        try
        {
            _ = shell.Invoke(null, new PSInvocationSettings { AddToHistory = addToHistory });
            return true;
        }
        catch (PipelineStoppedException)
        {
            return false;
        }
        catch (RuntimeException e)
        {
            Report(e.ErrorRecord ?? new ErrorRecord(e, "Host", ErrorCategory.NotSpecified, null));
            return false;
        }
        finally
        {
            _running = null;
        }
    }

    private void Report(ErrorRecord error)
    {
        var text = HostUI.Capture(_host.UI.RawUI.BufferSize.Width, () =>
        {
            using var shell = PowerShell.Create(_runspace);
            _ = shell.AddCommand("Out-Host").Invoke(new[] { error });
        });
        _host.UI.WriteErrorLine(text.TrimEnd());
    }

    private int ExitCode(bool completed)
    {
        if (_host.ExitCode is { } asked)
        {
            return asked;
        }

        using var shell = PowerShell.Create(_runspace);
        return completed && shell.AddScript("$global:?").Invoke<bool>().FirstOrDefault() ? 0 : 1;
    }

    private void OnCancel(object? sender, ConsoleCancelEventArgs e)
    {
        e.Cancel = true;
        // Stop waits for the pipeline; the signal's thread must not.
        if (_running is { } running)
        {
            _ = Task.Run(running.Stop);
        }
    }
}
