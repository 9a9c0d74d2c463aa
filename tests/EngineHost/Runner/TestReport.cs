using System.Management.Automation;
using System.Management.Automation.Host;
using System.Text.RegularExpressions;

namespace EngineHost.Runner;

/// <summary>Tells each result as it comes, and the counts at the end.</summary>
internal sealed partial class TestReport(PSHostUserInterface ui)
{
    private int _depth;
    private int _passed;
    private int _failed;
    private int _skipped;

    public void Enter(TestBlock block)
    {
        Line(ConsoleColor.Cyan, block.IsFile ? $"Running {Path.GetRelativePath(Environment.CurrentDirectory, block.File)}" : block.Title);
        _depth++;
    }

    public void Leave() => _depth--;

    public void Passed(TestCase test, TimeSpan time)
    {
        _passed++;
        Line(ConsoleColor.Green, $"[+] {test.Title} {Text(time)}");
    }

    public void Skipped(TestCase test, string reason)
    {
        _skipped++;
        Line(ConsoleColor.Yellow, $"[!] {test.Title}{(reason.Length > 0 ? ", skipped because " + reason : ", skipped")}");
    }

    public void Failed(TestCase test, TimeSpan time, IEnumerable<ErrorRecord> errors)
    {
        _failed++;
        Line(ConsoleColor.Red, $"[-] {test.FullName} {Text(time)}");
        foreach (var error in errors)
        {
            Explain(error, test.Parent!.File);
        }
    }

    /// <summary>A failure that belongs to no single test still fails the run.</summary>
    public void FailedOutside(string what, string file, ErrorRecord error)
    {
        _failed++;
        Line(ConsoleColor.Red, $"[-] {what} failed");
        Explain(error, file);
    }

    /// <summary>Writes the counts; returns the exit code.</summary>
    public int Close(bool completed)
    {
        _depth = 0;
        if (!completed)
        {
            Line(ConsoleColor.Red, "The run was stopped before its end.");
        }

        var ran = _passed + _failed + _skipped > 0;
        if (!ran)
        {
            Line(ConsoleColor.Red, "No test was found.");
        }

        Line(null, $"{_passed} passed, {_failed} failed, {_skipped} skipped");
        return completed && ran && _failed == 0 ? 0 : 1;
    }

    private static string Text(TimeSpan time) => time.TotalSeconds < 1 ? $"{time.TotalMilliseconds:F0}ms" : $"{time.TotalSeconds:F2}s";

    private void Explain(ErrorRecord error, string file)
    {
        _depth++;
        foreach (var line in error.ToString().ReplaceLineEndings("\n").Split('\n'))
        {
            Line(ConsoleColor.Red, line);
        }

        Line(ConsoleColor.Red, "at " + Place(error, file));
        _depth--;
    }

    // The line of the test file says more than the line of a helper that threw.
    private static string Place(ErrorRecord error, string file)
    {
        var frames = Frame().Matches(error.ScriptStackTrace ?? "");
        var frame = frames.FirstOrDefault(f => f.Groups["file"].Value == file) ?? frames.FirstOrDefault();
        var text = error.InvocationInfo?.ScriptName == file ? error.InvocationInfo.Line.Trim() : "";
        var place = frame is null ? file : $"{frame.Groups["file"].Value}:{frame.Groups["line"].Value}";
        return text.Length > 0 ? $"{place}: {text}" : place;
    }

    private void Line(ConsoleColor? color, string text)
    {
        text = new string(' ', _depth * 2) + text + Environment.NewLine;
        if (color is { } c)
        {
            ui.Write(c, (ConsoleColor)(-1), text);
        }
        else
        {
            ui.Write(text);
        }
    }

    [GeneratedRegex(@"^at .*?, (?<file>.+): line (?<line>\d+)\r?$", RegexOptions.Multiline)]
    private static partial Regex Frame();
}
