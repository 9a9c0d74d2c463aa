using System.Management.Automation;
using IO = System.IO.Path;

namespace EngineHost.Commands;

/// <summary>Joins a parent and children into a path.</summary>
[Cmdlet(VerbsCommon.Join, "Path")]
public sealed class JoinPathCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath")]
    public string[] Path { get; set; } = [];

    [Parameter(Position = 1, Mandatory = true), AllowNull, AllowEmptyString, AllowEmptyCollection]
    public string[]? ChildPath { get; set; }

    [Parameter(Position = 2, ValueFromRemainingArguments = true), AllowNull, AllowEmptyString, AllowEmptyCollection]
    public string[] AdditionalChildPath { get; set; } = [];

    [Parameter]
    public SwitchParameter Resolve { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var parent in Path)
        {
            var joined = (ChildPath ?? []).Concat(AdditionalChildPath ?? []).Aggregate(parent, (p, c) => SessionState.Path.Combine(p, c));
            WriteObject(Resolve ? SessionState.Path.GetResolvedPSPathFromPSPath(joined).Select(p => p.Path) : [joined], enumerateCollection: true);
        }
    }
}

/// <summary>Takes a path apart.</summary>
[Cmdlet(VerbsCommon.Split, "Path", DefaultParameterSetName = "Parent")]
public sealed class SplitPathCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("LiteralPath", "PSPath")]
    public string[] Path { get; set; } = [];

    [Parameter(ParameterSetName = "Parent")]
    public SwitchParameter Parent { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Leaf")]
    public SwitchParameter Leaf { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "LeafBase")]
    public SwitchParameter LeafBase { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Extension")]
    public SwitchParameter Extension { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "IsAbsolute")]
    public SwitchParameter IsAbsolute { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var path in Path)
        {
            WriteObject(ParameterSetName switch
            {
                "Leaf" => SessionState.Path.ParseChildName(path),
                "LeafBase" => IO.GetFileNameWithoutExtension(SessionState.Path.ParseChildName(path)),
                "Extension" => IO.GetExtension(SessionState.Path.ParseChildName(path)),
                "IsAbsolute" => SessionState.Path.IsPSAbsolute(path, out _),
                _ => SessionState.Path.ParseParent(path, ""),
            });
        }
    }
}

/// <summary>Whether something is at a path.</summary>
[Cmdlet(VerbsDiagnostic.Test, "Path", DefaultParameterSetName = "Path")]
[OutputType(typeof(bool))]
public sealed class TestPathCommand : PathCommand
{
    public enum Kind { Any, Container, Leaf }

    [Parameter]
    [Alias("Type")]
    public Kind PathType { get; set; }

    private protected override void Process(string path)
    {
        try
        {
            WriteObject(InvokeProvider.Item.Exists(path, force: true, Literal) && IsKind(path));
        }
        catch (Exception e) when (e is System.Management.Automation.DriveNotFoundException or ItemNotFoundException or ProviderNotFoundException)
        {
            WriteObject(false);
        }
    }

    private bool IsKind(string path)
    {
        if (PathType == Kind.Any)
        {
            return true;
        }

        var container = Literal
            ? InvokeProvider.Item.IsContainer(WildcardPattern.Escape(path))
            : SessionState.Path.GetResolvedPSPathFromPSPath(path).All(p => InvokeProvider.Item.IsContainer(WildcardPattern.Escape(p.Path)));
        return container == (PathType == Kind.Container);
    }
}

/// <summary>The existing paths behind a path.</summary>
[Cmdlet(VerbsDiagnostic.Resolve, "Path", DefaultParameterSetName = "Path")]
[OutputType(typeof(PathInfo))]
public sealed class ResolvePathCommand : PathCommand
{
    private protected override void Process(string path) =>
        WriteObject(SessionState.Path.GetResolvedPSPathFromPSPath(Literal ? WildcardPattern.Escape(path) : path), enumerateCollection: true);
}

/// <summary>The existing paths behind a path, as their provider writes them.</summary>
[Cmdlet(VerbsData.Convert, "Path", DefaultParameterSetName = "Path")]
[OutputType(typeof(string))]
public sealed class ConvertPathCommand : PathCommand
{
    private protected override void Process(string path) =>
        WriteObject(GetResolvedProviderPathFromPSPath(Literal ? WildcardPattern.Escape(path) : path, out _), enumerateCollection: true);
}

/// <summary>Where we are.</summary>
[Cmdlet(VerbsCommon.Get, "Location")]
[OutputType(typeof(PathInfo))]
public sealed class GetLocationCommand : PSCmdlet
{
    protected override void ProcessRecord() => WriteObject(SessionState.Path.CurrentLocation);
}

/// <summary>Goes somewhere.</summary>
[Cmdlet(VerbsCommon.Set, "Location", DefaultParameterSetName = "Path")]
public sealed class SetLocationCommand : PathCommand
{
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override string DefaultPath => "~";

    private protected override void Process(string path)
    {
        var location = SessionState.Path.SetLocation(Literal ? WildcardPattern.Escape(path) : path);
        if (PassThru)
        {
            WriteObject(location);
        }
    }
}

/// <summary>Remembers where we are, and goes somewhere.</summary>
[Cmdlet(VerbsCommon.Push, "Location", DefaultParameterSetName = "Path")]
public sealed class PushLocationCommand : PathCommand
{
    private protected override string DefaultPath => ".";

    private protected override void Process(string path)
    {
        SessionState.Path.PushCurrentLocation("");
        _ = SessionState.Path.SetLocation(Literal ? WildcardPattern.Escape(path) : path);
    }
}

/// <summary>Goes back to where Push-Location was.</summary>
[Cmdlet(VerbsCommon.Pop, "Location")]
public sealed class PopLocationCommand : PSCmdlet
{
    protected override void ProcessRecord() => _ = SessionState.Path.PopLocation("");
}
