using System.Management.Automation;
using System.Text;

namespace EngineHost.Commands;

/// <summary>The lines, the text or the bytes of a file; of other providers, what they give.</summary>
[Cmdlet(VerbsCommon.Get, "Content", DefaultParameterSetName = "Path")]
public sealed class GetContentCommand : PathCommand
{
    [Parameter]
    public SwitchParameter Raw { get; set; }

    [Parameter]
    public SwitchParameter AsByteStream { get; set; }

    [Parameter]
    [Alias("First", "Head")]
    public int TotalCount { get; set; } = -1;

    [Parameter]
    [Alias("Last")]
    public int Tail { get; set; } = -1;

    [Parameter, TextEncoding]
    public Encoding Encoding { get; set; } = TextEncodingAttribute.Default;

    private protected override void Process(string path)
    {
        _ = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
        if (provider.Name != "FileSystem")
        {
            foreach (var reader in InvokeProvider.Content.GetReader([path], force: false, Literal))
            {
                WriteObject(reader.Read(-1), enumerateCollection: true);
                reader.Close();
            }

            return;
        }

        foreach (var file in SessionState.Path.GetResolvedPSPathFromPSPath(Literal ? WildcardPattern.Escape(path) : path).Select(p => p.ProviderPath))
        {
            Guard(file, () => Read(file));
        }
    }

    private void Read(string file)
    {
        if (AsByteStream)
        {
            WriteObject(File.ReadAllBytes(file), enumerateCollection: !Raw);
            return;
        }

        if (Raw)
        {
            WriteObject(File.ReadAllText(file, Encoding));
            return;
        }

        var lines = File.ReadLines(file, Encoding);
        lines = TotalCount >= 0 ? lines.Take(TotalCount) : Tail >= 0 ? lines.TakeLast(Tail) : lines;
        foreach (var line in lines)
        {
            WriteObject(line);
        }
    }
}

/// <summary>Writing the content of a file.</summary>
public abstract class WriteContentCommand : PathCommand
{
    private readonly List<object?> _values = [];

    [Parameter(Position = 1, Mandatory = true, ValueFromPipeline = true), AllowNull, AllowEmptyCollection]
    public object?[]? Value { get; set; }

    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    [Parameter]
    public SwitchParameter AsByteStream { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter, TextEncoding]
    public Encoding Encoding { get; set; } = TextEncodingAttribute.Default;

    private protected abstract FileMode Mode { get; }

    protected override void ProcessRecord() => _values.AddRange(Value ?? []);

    protected override void EndProcessing() => base.ProcessRecord();

    private protected override void Process(string path)
    {
        var file = GetUnresolvedProviderPathFromPSPath(path);
        if (!ShouldProcess(file, MyInvocation.MyCommand.Name))
        {
            return;
        }

        using var stream = new FileStream(file, Mode, FileAccess.Write);
        if (AsByteStream)
        {
            stream.Write([.. _values.Select(LanguagePrimitives.ConvertTo<byte>)]);
            return;
        }

        using var writer = new StreamWriter(stream, Encoding);
        foreach (var value in _values)
        {
            writer.Write(LanguagePrimitives.ConvertTo<string>(value));
            if (!NoNewline)
            {
                writer.WriteLine();
            }
        }
    }
}

/// <summary>Replaces the content of a file.</summary>
[Cmdlet(VerbsCommon.Set, "Content", SupportsShouldProcess = true, DefaultParameterSetName = "Path")]
public sealed class SetContentCommand : WriteContentCommand
{
    private protected override FileMode Mode => FileMode.Create;
}

/// <summary>Adds to the content of a file.</summary>
[Cmdlet(VerbsCommon.Add, "Content", SupportsShouldProcess = true, DefaultParameterSetName = "Path")]
public sealed class AddContentCommand : WriteContentCommand
{
    private protected override FileMode Mode => FileMode.Append;
}
