using System.Collections;
using System.Management.Automation;

namespace EngineHost.Runner;

/// <summary>What Describe, Context and It have in common.</summary>
public abstract class AddTestNodeCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true)]
    public string Name { get; set; } = "";

    [Parameter]
    [Alias("Tags")]
    public string[] Tag { get; set; } = [];

    [Parameter]
    public SwitchParameter Skip { get; set; }

    [Parameter]
    [Alias("TestCases")]
    [AllowNull, AllowEmptyCollection]
    public object?[]? ForEach { get; set; }

    protected override void ProcessRecord()
    {
        if (!MyInvocation.BoundParameters.ContainsKey(nameof(ForEach)))
        {
            Add(static _ => { });
        }

        foreach (var item in ForEach ?? [])
        {
            Add(node => node.SetData(item));
        }
    }

    private protected abstract void Add(Action<TestNode> prepare);
}

/// <summary>Describe and Context: declares a block and discovers what is in it, once an item of -ForEach.</summary>
[Cmdlet(VerbsCommon.Add, "TestBlock")]
public sealed class AddTestBlockCommand : AddTestNodeCommand
{
    [Parameter(Position = 1, Mandatory = true)]
    public ScriptBlock? Fixture { get; set; }

    private protected override void Add(Action<TestNode> prepare)
    {
        var block = new TestBlock(Name, Discovery.Current, Fixture) { Skip = Skip, Tags = Tag };
        prepare(block);
        Discovery.Current.All.Add(block);
        var variables = block.Variables.Cast<DictionaryEntry>().Select(e => new PSVariable((string)e.Key, e.Value)).ToList();
        Discovery.Within(block, () => Fixture!.InvokeWithContext(null, variables));
    }
}

/// <summary>It: declares a test, once an item of -ForEach.</summary>
[Cmdlet(VerbsCommon.Add, "TestCase")]
public sealed class AddTestCaseCommand : AddTestNodeCommand
{
    [Parameter(Position = 1, Mandatory = true)]
    public ScriptBlock? Test { get; set; }

    private protected override void Add(Action<TestNode> prepare)
    {
        var test = new TestCase(Name, Discovery.Current, Test, Discovery.Options) { Skip = Skip, Tags = Tag };
        prepare(test);
        Discovery.Current.All.Add(test);
    }
}

/// <summary>BeforeAll, AfterAll, BeforeEach and AfterEach; which one is told by the name it is called by.</summary>
[Cmdlet(VerbsCommon.Add, "TestHook")]
public sealed class AddTestHookCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true)]
    public ScriptBlock? Scriptblock { get; set; }

    protected override void ProcessRecord()
    {
        var block = Discovery.Current;
        var hooks = MyInvocation.InvocationName.ToLowerInvariant() switch
        {
            "beforeall" => block.Before,
            "afterall" => block.After,
            "beforeeach" => block.BeforeTest,
            "aftereach" => block.AfterTest,
            var other => throw new PSInvalidOperationException($"'{other}' is not a Before or After block."),
        };
        hooks.Add(Scriptblock!);
    }
}

/// <summary>BeforeDiscovery: runs at once, in the scope it is written in.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "TestDiscovery")]
public sealed class InvokeTestDiscoveryCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true)]
    public ScriptBlock? ScriptBlock { get; set; }

    protected override void ProcessRecord() => _ = InvokeCommand.InvokeScript(useLocalScope: false, ScriptBlock, null);
}

/// <summary>Ends a test as skipped.</summary>
[Cmdlet(VerbsCommon.Set, "ItResult")]
public sealed class SetItResultCommand : PSCmdlet
{
    internal const string SkippedId = "PesterTestSkipped";

    [Parameter(Mandatory = true)]
    public SwitchParameter Skipped { get; set; }

    [Parameter]
    public string Because { get; set; } = "";

    protected override void ProcessRecord() => ThrowTerminatingError(
        new ErrorRecord(new RuntimeException(Because), SkippedId, ErrorCategory.InvalidResult, null));
}
