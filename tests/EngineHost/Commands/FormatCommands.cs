using System.Management.Automation;
using EngineHost.Hosting;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace EngineHost.Commands;

/// <summary>Formats as a table. Parameters and work are the engine's.</summary>
[Cmdlet(VerbsCommon.Format, "Table")]
public sealed class FormatTableCommand : OuterFormatTableBase
{
    public FormatTableCommand() => EngineInternals.Shape(this, "Table");
}

/// <summary>Formats as a list. Parameters and work are the engine's.</summary>
[Cmdlet(VerbsCommon.Format, "List")]
public sealed class FormatListCommand : OuterFormatTableAndListBase
{
    public FormatListCommand() => EngineInternals.Shape(this, "List");
}

/// <summary>Commands that turn objects into the text the host would show.</summary>
public abstract class RenderingCommand : CollectingCommand
{
    [Parameter, ValidateRange(2, int.MaxValue)]
    public int Width { get; set; }

    private protected string Render(IEnumerable<PSObject> items) => HostUI.Capture(Width > 0 ? Width : Host.UI.RawUI.BufferSize.Width, () =>
    {
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        _ = shell.AddCommand(@"Microsoft.PowerShell.Core\Out-Host").Invoke(items);
    });
}

/// <summary>The text the host would show, as one string.</summary>
[Cmdlet("Out", "String")]
public sealed class OutStringCommand : RenderingCommand
{
    [Parameter]
    public SwitchParameter Stream { get; set; }

    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    protected override void EndProcessing()
    {
        var text = Render(Items);
        if (Stream)
        {
            var lines = text.Split(Environment.NewLine);
            WriteObject(text.EndsWith(Environment.NewLine, StringComparison.Ordinal) ? lines[..^1] : lines, enumerateCollection: true);
            return;
        }

        WriteObject(NoNewline ? text.ReplaceLineEndings("") : text);
    }
}

/// <summary>Writes the text the host would show to a file; redirection with &gt; is this command.</summary>
[Cmdlet("Out", "File", SupportsShouldProcess = true)]
public sealed class OutFileCommand : RenderingCommand
{
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("Path", "LiteralPath", "PSPath")]
    public string FilePath { get; set; } = "";

    [Parameter(Position = 1), TextEncoding]
    public System.Text.Encoding Encoding { get; set; } = TextEncodingAttribute.Default;

    [Parameter]
    public SwitchParameter Append { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    protected override void EndProcessing()
    {
        var path = GetUnresolvedProviderPathFromPSPath(FilePath);
        if (!ShouldProcess(path, "Output to File"))
        {
            return;
        }

        if (NoClobber && File.Exists(path))
        {
            ThrowTerminatingError(new ErrorRecord(
                new IOException($"The file '{path}' already exists."), "NoClobber", ErrorCategory.ResourceExists, path));
        }

        var text = Render(Items);
        text = NoNewline ? text.ReplaceLineEndings("") : text;
        if (Append)
        {
            File.AppendAllText(path, text, Encoding);
        }
        else
        {
            File.WriteAllText(path, text, Encoding);
        }
    }
}

/// <summary>Passes objects on and keeps them in a variable or a file.</summary>
[Cmdlet("Tee", "Object")]
public sealed class TeeObjectCommand : RenderingCommand
{
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "File")]
    [Alias("Path", "LiteralPath")]
    public string? FilePath { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Variable")]
    public string? Variable { get; set; }

    [Parameter]
    public SwitchParameter Append { get; set; }

    protected override void ProcessRecord()
    {
        base.ProcessRecord();
        WriteObject(InputObject);
    }

    protected override void EndProcessing()
    {
        if (Variable is not null)
        {
            SessionState.PSVariable.Set(Variable, Items.Count == 1 ? Items[0] : Items.ToArray());
        }
        else if (Append)
        {
            File.AppendAllText(GetUnresolvedProviderPathFromPSPath(FilePath), Render(Items));
        }
        else
        {
            File.WriteAllText(GetUnresolvedProviderPathFromPSPath(FilePath), Render(Items));
        }
    }
}
