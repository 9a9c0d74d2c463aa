using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Internal;
using System.Security;
using System.Text;

namespace EngineHost.Hosting;

internal sealed class HostUI(bool nonInteractive) : PSHostUserInterface
{
    private static readonly AsyncLocal<StringBuilder?> s_capture = new();
    private static readonly RawUI s_raw = new();
    private bool _progressShown;

    public override PSHostRawUserInterface RawUI => s_raw;

    public override bool SupportsVirtualTerminal => s_capture.Value is null && !Console.IsOutputRedirected;

    /// <summary>Collects what <paramref name="write"/> sends to the host on this flow, formatted for a width.</summary>
    public static string Capture(int width, Action write)
    {
        var (outerText, outerWidth) = (s_capture.Value, s_raw.CaptureWidth);
        var text = new StringBuilder();
        (s_capture.Value, s_raw.CaptureWidth) = (text, width);
        try
        {
            write();
        }
        finally
        {
            (s_capture.Value, s_raw.CaptureWidth) = (outerText, outerWidth);
        }

        return text.ToString();
    }

    public override void Write(string value)
    {
        if (s_capture.Value is { } text)
        {
            text.Append(Plain(value, strip: true));
            return;
        }

        ClearProgress();
        Console.Out.Write(Plain(value, Console.IsOutputRedirected));
    }

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value)
    {
        if (!SupportsVirtualTerminal)
        {
            Write(value);
            return;
        }

        Write(Ansi(foregroundColor, background: false) + Ansi(backgroundColor, background: true) + value + "\e[0m");
    }

    public override void WriteLine(string value) => Write(value + Environment.NewLine);

    public override void WriteErrorLine(string value)
    {
        ClearProgress();
        Console.Out.Flush();
        var plain = Console.IsErrorRedirected || value.Contains('\e', StringComparison.Ordinal);
        Console.Error.WriteLine(plain ? Plain(value, Console.IsErrorRedirected) : $"\e[91m{value}\e[0m");
    }

    public override void WriteWarningLine(string message) => WriteStream("WARNING: " + message);

    public override void WriteVerboseLine(string message) => WriteStream("VERBOSE: " + message);

    public override void WriteDebugLine(string message) => WriteStream("DEBUG: " + message);

    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
        if (Console.IsErrorRedirected)
        {
            return;
        }

        ClearProgress();
        if (record.RecordType == ProgressRecordType.Completed)
        {
            return;
        }

        var percent = record.PercentComplete >= 0 ? $" {record.PercentComplete}%" : "";
        var line = $"{record.Activity}: {record.StatusDescription}{percent}";
        var room = Math.Max(s_raw.WindowSize.Width - 1, 1);
        Console.Error.Write(line.Length > room ? line[..room] : line);
        _progressShown = true;
    }

    public void ClearProgress()
    {
        if (_progressShown)
        {
            _progressShown = false;
            Console.Error.Write("\r\e[K");
        }
    }

    public override string ReadLine()
    {
        RefuseWhenNonInteractive();
        ClearProgress();
        return Console.In.ReadLine() ?? "";
    }

    public override SecureString ReadLineAsSecureString()
    {
        RefuseWhenNonInteractive();
        var secret = new SecureString();
        if (Console.IsInputRedirected)
        {
            foreach (var c in Console.In.ReadLine() ?? "")
            {
                secret.AppendChar(c);
            }

            return secret;
        }

        for (var key = Console.ReadKey(true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(true))
        {
            if (key.Key != ConsoleKey.Backspace)
            {
                secret.AppendChar(key.KeyChar);
            }
            else if (secret.Length > 0)
            {
                secret.RemoveAt(secret.Length - 1);
            }
        }

        Console.Out.WriteLine();
        return secret;
    }

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions)
    {
        RefuseWhenNonInteractive();
        WriteHeading(caption, message);
        var answers = new Dictionary<string, PSObject>();
        foreach (var field in descriptions)
        {
            Write(field.Name + ": ");
            var secret = field.ParameterTypeFullName == typeof(SecureString).FullName;
            answers[field.Name] = PSObject.AsPSObject(secret ? ReadLineAsSecureString() : ReadLine());
        }

        return answers;
    }

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        RefuseWhenNonInteractive();
        WriteHeading(caption, message);
        var keys = choices.Select(c => Key(c.Label)).ToArray();
        while (true)
        {
            var offers = choices.Select((c, i) => $"[{keys[i]}] {c.Label.Replace("&", "", StringComparison.Ordinal)}");
            var preset = defaultChoice >= 0 ? $" (default is \"{keys[defaultChoice]}\")" : "";
            Write(string.Join("  ", offers) + $"  [?] Help{preset}: ");
            var answer = Console.In.ReadLine()?.Trim();
            if (string.IsNullOrEmpty(answer))
            {
                if (defaultChoice >= 0 || answer is null)
                {
                    return Math.Max(defaultChoice, 0);
                }

                continue;
            }

            if (answer == "?")
            {
                WriteLine(string.Join(Environment.NewLine, choices.Select((c, i) => $"{keys[i]} - {c.HelpMessage}")));
                continue;
            }

            var match = choices.Select((c, i) => (Index: i, Label: c.Label.Replace("&", "", StringComparison.Ordinal)))
                .FirstOrDefault(c => Same(keys[c.Index], answer) || Same(c.Label, answer), (Index: -1, Label: ""));
            if (match.Index >= 0)
            {
                return match.Index;
            }
        }
    }

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName)
    {
        RefuseWhenNonInteractive();
        WriteHeading(caption, message);
        var user = userName;
        if (string.IsNullOrEmpty(user))
        {
            Write("User: ");
            user = ReadLine();
        }

        Write($"Password for user {user}: ");
        return new PSCredential(user, ReadLineAsSecureString());
    }

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) =>
        PromptForCredential(caption, message, userName, targetName);

    private static bool Same(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);

    private static string Key(string label)
    {
        var mark = label.IndexOf('&', StringComparison.Ordinal);
        return mark >= 0 && mark + 1 < label.Length ? label[mark + 1].ToString().ToUpper(CultureInfo.CurrentCulture) : label;
    }

    // The formatter colours its text whatever the host is; what leaves for a file has no colours.
    private static string Plain(string value, bool strip) =>
        strip && value.Contains('\e', StringComparison.Ordinal) ? new StringDecorated(value).ToString(OutputRendering.PlainText) : value;

    private static string Ansi(ConsoleColor color, bool background)
    {
        // ConsoleColor keeps blue in bit 0 and red in bit 2, ANSI the other way round; bit 3 is brightness in both.
        var c = (int)color;
        if (c < 0)
        {
            return "";
        }

        var code = ((c & 1) << 2) | (c & 2) | ((c & 4) >> 2);
        return $"\e[{code + (background ? 40 : 30) + ((c & 8) != 0 ? 60 : 0)}m";
    }

    private void WriteStream(string line) => WriteLine(SupportsVirtualTerminal ? $"\e[33m{line}\e[0m" : line);

    private void WriteHeading(string caption, string message)
    {
        foreach (var line in new[] { caption, message }.Where(l => !string.IsNullOrEmpty(l)))
        {
            WriteLine(line);
        }
    }

    private void RefuseWhenNonInteractive()
    {
        if (nonInteractive)
        {
            throw new PSInvalidOperationException("The shell was started with -NonInteractive: it cannot ask.");
        }
    }
}
