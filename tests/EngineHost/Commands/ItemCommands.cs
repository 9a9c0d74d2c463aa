using System.Management.Automation;

namespace EngineHost.Commands;

/// <summary>The item at a path.</summary>
[Cmdlet(VerbsCommon.Get, "Item", DefaultParameterSetName = "Path")]
public sealed class GetItemCommand : PathCommand
{
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Process(string path) =>
        WriteObject(InvokeProvider.Item.Get([path], Force, Literal), enumerateCollection: true);
}

/// <summary>What is in a container.</summary>
[Cmdlet(VerbsCommon.Get, "ChildItem", DefaultParameterSetName = "Path")]
public sealed class GetChildItemCommand : PathCommand
{
    [Parameter(Position = 1)]
    public string? Filter { get; set; }

    [Parameter]
    public string[] Include { get; set; } = [];

    [Parameter]
    public string[] Exclude { get; set; } = [];

    [Parameter]
    [Alias("s")]
    public SwitchParameter Recurse { get; set; }

    [Parameter]
    public uint? Depth { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter Name { get; set; }

    [Parameter]
    public SwitchParameter File { get; set; }

    [Parameter]
    [Alias("ad")]
    public SwitchParameter Directory { get; set; }

    private protected override string DefaultPath => ".";

    private protected override void Process(string path)
    {
        foreach (var item in InvokeProvider.ChildItem.Get([path], Recurse || Depth is not null, Depth ?? uint.MaxValue, Force, Literal))
        {
            var container = item.Properties["PSIsContainer"]?.Value is true;
            var name = item.Properties["PSChildName"]?.Value?.ToString() ?? item.ToString();
            if ((File && container) || (Directory && !container) || !Wanted(name))
            {
                continue;
            }

            WriteObject(Name ? name : item);
        }
    }

    private bool Wanted(string name) =>
        (Filter is null || Like(name, Filter)) && (Include.Length == 0 || Include.Any(p => Like(name, p))) && !Exclude.Any(p => Like(name, p));

    private static bool Like(string name, string pattern) => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(name);
}

/// <summary>Makes an item.</summary>
[Cmdlet(VerbsCommon.New, "Item", SupportsShouldProcess = true)]
public sealed class NewItemCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = ["."];

    [Parameter(ValueFromPipelineByPropertyName = true), AllowNull, AllowEmptyString]
    public string? Name { get; set; }

    [Parameter]
    [Alias("Type")]
    public string? ItemType { get; set; }

    [Parameter(ValueFromPipeline = true)]
    [Alias("Target")]
    public object? Value { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var path in Path)
        {
            var target = string.IsNullOrEmpty(Name) ? path : SessionState.Path.Combine(path, Name);
            if (!ShouldProcess(target, "Create"))
            {
                continue;
            }

            try
            {
                WriteObject(InvokeProvider.Item.New([path], Name, ItemType, Value, Force), enumerateCollection: true);
            }
            catch (RuntimeException e) when (e is not PipelineStoppedException)
            {
                WriteError(new ErrorRecord(e.ErrorRecord, e));
            }
        }
    }
}

/// <summary>Sets the value of an item, such as an environment variable.</summary>
[Cmdlet(VerbsCommon.Set, "Item", SupportsShouldProcess = true, DefaultParameterSetName = "Path")]
public sealed class SetItemCommand : PathCommand
{
    [Parameter(Position = 1)]
    public object? Value { get; set; }

    private protected override void Process(string path)
    {
        if (ShouldProcess(path))
        {
            _ = InvokeProvider.Item.Set([path], Value, force: false, Literal);
        }
    }
}

/// <summary>Removes items.</summary>
[Cmdlet(VerbsCommon.Remove, "Item", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = "Path")]
public sealed class RemoveItemCommand : PathCommand
{
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Process(string path)
    {
        var found = SessionState.Path.GetResolvedPSPathFromPSPath(Literal ? WildcardPattern.Escape(path) : path);
        foreach (var item in found)
        {
            if (ShouldProcess(item.Path))
            {
                Guard(item.Path, () => InvokeProvider.Item.Remove([item.Path], Recurse, Force, literalPath: true));
            }
        }
    }
}

/// <summary>Copying and moving.</summary>
public abstract class TransferCommand : PathCommand
{
    [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string Destination { get; set; } = "";

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected void WriteResult(IEnumerable<PSObject> made) => WriteObject(PassThru ? made : [], enumerateCollection: true);
}

/// <summary>Copies items.</summary>
[Cmdlet(VerbsCommon.Copy, "Item", SupportsShouldProcess = true, DefaultParameterSetName = "Path")]
public sealed class CopyItemCommand : TransferCommand
{
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    private protected override void Process(string path)
    {
        if (ShouldProcess($"Item: {path} Destination: {Destination}", "Copy"))
        {
            WriteResult(InvokeProvider.Item.Copy([path], Destination, Recurse, CopyContainers.CopyTargetContainer, Force, Literal));
        }
    }
}

/// <summary>Moves items.</summary>
[Cmdlet(VerbsCommon.Move, "Item", SupportsShouldProcess = true, DefaultParameterSetName = "Path")]
public sealed class MoveItemCommand : TransferCommand
{
    private protected override void Process(string path)
    {
        if (ShouldProcess($"Item: {path} Destination: {Destination}", "Move"))
        {
            WriteResult(InvokeProvider.Item.Move([path], Destination, Force, Literal));
        }
    }
}
