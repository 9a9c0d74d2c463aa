using System.Collections;
using System.Management.Automation;

namespace EngineHost.Runner;

/// <summary>A block or a test, as discovery found it. Public for the script that runs them.</summary>
public abstract class TestNode
{
    private protected TestNode(string name, TestBlock? parent, ScriptBlock? script)
    {
        (Name, Title, Parent, Script) = (name, name, parent, script);
        TitleScript = TestTitle.ToScript(name);
    }

    public string Name { get; }

    /// <summary>The name with its placeholders filled in, once the node runs.</summary>
    public string Title { get; set; }

    public TestBlock? Parent { get; }

    public ScriptBlock? Script { get; }

    /// <summary>Yields the title where it runs; null when there is nothing to fill in.</summary>
    public ScriptBlock? TitleScript { get; }

    /// <summary>What -ForEach gives this node: $_ and, from a dictionary, a variable a key.</summary>
    public Hashtable Variables { get; } = [];

    /// <summary>The same without $_, for a script's param().</summary>
    public Hashtable Parameters { get; } = [];

    public bool Skip { get => field || Parent is { Skip: true }; init; }

    public string[] Tags { get; init; } = [];

    /// <summary>Whether -Filter and the tags leave this node in.</summary>
    public abstract bool Selected { get; }

    public abstract bool IsBlock { get; }

    /// <summary>The names from the outermost block to here.</summary>
    public string FullName => Parent is { IsFile: false } ? $"{Parent.FullName}.{Title}" : Title;

    internal void SetData(object? item)
    {
        var value = item is PSObject o && o.BaseObject is not PSCustomObject ? o.BaseObject : item;
        Variables["_"] = value;
        foreach (DictionaryEntry entry in value as IDictionary ?? new Hashtable())
        {
            Variables[entry.Key.ToString()!] = Parameters[entry.Key.ToString()!] = entry.Value;
        }
    }
}

/// <summary>A file, Describe or Context.</summary>
public sealed class TestBlock(string name, TestBlock? parent, ScriptBlock? script) : TestNode(name, parent, script)
{
    internal List<ScriptBlock> Before { get; } = [];

    internal List<ScriptBlock> After { get; } = [];

    internal List<ScriptBlock> BeforeTest { get; } = [];

    internal List<ScriptBlock> AfterTest { get; } = [];

    internal List<TestNode> All { get; } = [];

    public override bool Selected => All.Exists(n => n.Selected);

    public override bool IsBlock => true;

    /// <summary>Whether this stands for a whole file.</summary>
    public bool IsFile => Parent is null;

    /// <summary>The file it is in.</summary>
    public string File => Parent?.File ?? Name;

    /// <summary>What is in here and selected, in the order of the file.</summary>
    public IEnumerable<TestNode> Items => All.Where(n => n.Selected);

    /// <summary>The BeforeAll blocks, unless nothing in here is going to run.</summary>
    public IReadOnlyList<ScriptBlock> BeforeAll => HasWork ? Before : [];

    public IReadOnlyList<ScriptBlock> AfterAll => HasWork ? After : [];

    private bool HasWork => Tests.Any(t => !t.Skip);

    /// <summary>All selected tests in here, at any depth.</summary>
    internal IEnumerable<TestCase> Tests => Items.SelectMany(n => n is TestBlock b ? b.Tests : [(TestCase)n]);
}

/// <summary>One It with one item of its -ForEach.</summary>
public sealed class TestCase(string name, TestBlock parent, ScriptBlock? script, TestOptions options) : TestNode(name, parent, script)
{
    public override bool IsBlock => false;

    public override bool Selected => options.Selects(this);

    internal IEnumerable<TestBlock> Ancestors
    {
        get
        {
            for (var block = Parent; block is not null; block = block.Parent)
            {
                yield return block;
            }
        }
    }

    /// <summary>The outermost block's first.</summary>
    public IEnumerable<ScriptBlock> BeforeEach => Ancestors.Reverse().SelectMany(b => b.BeforeTest);

    /// <summary>The innermost block's first.</summary>
    public IEnumerable<ScriptBlock> AfterEach => Ancestors.SelectMany(b => b.AfterTest);
}
