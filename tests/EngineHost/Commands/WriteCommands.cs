using System.Management.Automation;
using System.Management.Automation.Host;

namespace EngineHost.Commands;

/// <summary>Writes to the host, through the information stream.</summary>
[Cmdlet(VerbsCommunications.Write, "Host")]
public sealed class WriteHostCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromRemainingArguments = true)]
    [Alias("Msg", "Message")]
    public object? Object { get; set; }

    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    [Parameter]
    public object Separator { get; set; } = " ";

    [Parameter]
    public ConsoleColor? ForegroundColor { get; set; }

    [Parameter]
    public ConsoleColor? BackgroundColor { get; set; }

    protected override void ProcessRecord()
    {
        var message = new HostInformationMessage { Message = Text(Object), NoNewLine = NoNewline };
        if (ForegroundColor is not null || BackgroundColor is not null)
        {
            message.ForegroundColor = ForegroundColor ?? (ConsoleColor)(-1);
            message.BackgroundColor = BackgroundColor ?? (ConsoleColor)(-1);
        }

        WriteInformation(message, ["PSHOST"]);
    }

    private string Text(object? value) => value switch
    {
        null => "",
        string s => s,
        PSObject { BaseObject: string s } => s,
        System.Collections.IEnumerable many => string.Join(Separator.ToString(), many.Cast<object?>().Select(Text)),
        PSObject { BaseObject: System.Collections.IEnumerable and not System.Collections.IDictionary } o => Text(o.BaseObject),
        _ => LanguagePrimitives.ConvertTo<string>(value),
    };
}
