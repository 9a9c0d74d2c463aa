using System.Collections;
using System.Management.Automation;

namespace EngineHost.Commands;

/// <summary>Commands that look at all their input before they write.</summary>
public abstract class CollectingCommand : PSCmdlet
{
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    private protected List<PSObject> Items { get; } = [];

    protected override void ProcessRecord()
    {
        if (InputObject is not null)
        {
            Items.Add(InputObject);
        }
    }

    private protected static object? Value(PropertySpec[] specs, PSObject item) =>
        specs.Length == 0 ? item : specs[0].Value(item);
}

/// <summary>Sorts objects by value or properties; equal ones keep their order.</summary>
[Cmdlet("Sort", "Object")]
public sealed class SortObjectCommand : CollectingCommand, IComparer<object?>
{
    [Parameter(Position = 0)]
    public object[]? Property { get; set; }

    [Parameter]
    public SwitchParameter Descending { get; set; }

    [Parameter]
    public SwitchParameter Unique { get; set; }

    [Parameter]
    public SwitchParameter CaseSensitive { get; set; }

    [Parameter]
    public SwitchParameter Stable { get; set; }

    [Parameter]
    public int Top { get; set; }

    [Parameter]
    public int Bottom { get; set; }

    public int Compare(object? x, object? y)
    {
        if (LanguagePrimitives.TryCompare(x, y, !CaseSensitive, out var order))
        {
            return order;
        }

        return string.Compare(x?.ToString(), y?.ToString(), CaseSensitive ? StringComparison.CurrentCulture : StringComparison.CurrentCultureIgnoreCase);
    }

    protected override void EndProcessing()
    {
        var specs = PropertySpec.Parse(Property);
        var sorted = Items.OrderBy(static _ => 0);
        if (specs.Length == 0)
        {
            sorted = Descending ? sorted.ThenByDescending(static i => (object)i, this) : sorted.ThenBy(static i => (object)i, this);
        }

        foreach (var spec in specs)
        {
            sorted = spec.Descending ?? Descending ? sorted.ThenByDescending(spec.Value, this) : sorted.ThenBy(spec.Value, this);
        }

        IEnumerable<PSObject> result = sorted;
        if (Unique)
        {
            result = Distinct(result, specs);
        }

        WriteObject(Top > 0 ? result.Take(Top) : Bottom > 0 ? result.TakeLast(Bottom) : result, enumerateCollection: true);
    }

    private IEnumerable<PSObject> Distinct(IEnumerable<PSObject> sorted, PropertySpec[] specs)
    {
        PSObject? previous = null;
        foreach (var item in sorted)
        {
            var same = previous is not null && (specs.Length == 0
                ? Compare(previous, item) == 0
                : specs.All(s => Compare(s.Value(previous), s.Value(item)) == 0));
            if (!same)
            {
                yield return item;
            }

            previous = item;
        }
    }
}

/// <summary>Objects with an equal key.</summary>
public sealed class GroupInfo
{
    internal GroupInfo(object?[] values) => Values = values;

    public int Count => Group.Count;

    public string Name => string.Join(", ", Values.Select(v => v?.ToString()));

    public ArrayList Group { get; } = [];

    public IReadOnlyList<object?> Values { get; }
}

/// <summary>Groups objects by properties; groups come in order of their keys.</summary>
[Cmdlet("Group", "Object")]
public sealed class GroupObjectCommand : CollectingCommand
{
    [Parameter(Position = 0)]
    public object[]? Property { get; set; }

    [Parameter]
    public SwitchParameter AsHashTable { get; set; }

    [Parameter]
    public SwitchParameter AsString { get; set; }

    [Parameter]
    public SwitchParameter NoElement { get; set; }

    [Parameter]
    public SwitchParameter CaseSensitive { get; set; }

    protected override void EndProcessing()
    {
        var specs = PropertySpec.Parse(Property);
        var groups = new List<GroupInfo>();
        foreach (var item in Items)
        {
            object?[] key = specs.Length == 0 ? [item.BaseObject] : [.. specs.Select(s => s.Value(item))];
            var group = groups.Find(g => g.Values.Zip(key).All(p => LanguagePrimitives.Equals(p.First, p.Second, !CaseSensitive)));
            if (group is null)
            {
                groups.Add(group = new GroupInfo(key));
            }

            group.Group.Add(item);
        }

        if (AsHashTable)
        {
            var table = new Hashtable(CaseSensitive ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);
            groups.ForEach(g => table[AsString || g.Values.Count > 1 ? g.Name : g.Values[0] ?? ""] = g.Group);
            WriteObject(table);
            return;
        }

        var order = new SortObjectCommand();
        foreach (var group in groups.OrderBy(g => g.Values[0], order))
        {
            var shown = PSObject.AsPSObject(group);
            // The engine's own table view is bound to these names.
            shown.TypeNames.Insert(0, "Microsoft.PowerShell.Commands.GroupInfo" + (NoElement ? "NoElement" : ""));
            WriteObject(shown);
        }
    }
}

/// <summary>Counts objects and measures their values.</summary>
[Cmdlet("Measure", "Object")]
public sealed class MeasureObjectCommand : CollectingCommand
{
    [Parameter(Position = 0)]
    public object[]? Property { get; set; }

    [Parameter]
    public SwitchParameter Sum { get; set; }

    [Parameter]
    public SwitchParameter Average { get; set; }

    [Parameter]
    public SwitchParameter Minimum { get; set; }

    [Parameter]
    public SwitchParameter Maximum { get; set; }

    protected override void EndProcessing()
    {
        var specs = PropertySpec.Parse(Property);
        var values = Items.Select(i => Value(specs, i)).Where(v => v is not null).ToList();
        var numeric = Sum || Average;
        var numbers = numeric ? values.ConvertAll(LanguagePrimitives.ConvertTo<double>) : [];
        var order = new SortObjectCommand();
        var result = new PSObject();
        void Add(string name, object? value) => result.Properties.Add(new PSNoteProperty(name, value));
        Add("Count", values.Count);
        Add("Average", Average && numbers.Count > 0 ? numbers.Average() : null);
        Add("Sum", Sum ? numbers.Sum() : null);
        Add("Maximum", Maximum ? values.Max(order) : null);
        Add("Minimum", Minimum ? values.Min(order) : null);
        Add("Property", Property?.FirstOrDefault()?.ToString());
        result.TypeNames.Insert(0, "Microsoft.PowerShell.Commands.GenericMeasureInfo");
        WriteObject(result);
    }
}

/// <summary>What two collections have in common and what not, regardless of order.</summary>
[Cmdlet(VerbsData.Compare, "Object")]
public sealed class CompareObjectCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true), AllowEmptyCollection]
    public PSObject[] ReferenceObject { get; set; } = [];

    [Parameter(Position = 1, Mandatory = true, ValueFromPipeline = true), AllowEmptyCollection]
    public PSObject[] DifferenceObject { get; set; } = [];

    [Parameter]
    public object[]? Property { get; set; }

    [Parameter]
    public SwitchParameter IncludeEqual { get; set; }

    [Parameter]
    public SwitchParameter ExcludeDifferent { get; set; }

    [Parameter]
    public SwitchParameter CaseSensitive { get; set; }

    private readonly List<PSObject> _difference = [];

    protected override void ProcessRecord() => _difference.AddRange(DifferenceObject);

    protected override void EndProcessing()
    {
        var specs = PropertySpec.Parse(Property);
        var missing = ReferenceObject.ToList();
        foreach (var item in _difference)
        {
            var match = missing.FindIndex(r => Same(specs, r, item));
            if (match >= 0)
            {
                missing.RemoveAt(match);
            }

            Emit(specs, item, match >= 0 ? "==" : "=>");
        }

        missing.ForEach(m => Emit(specs, m, "<="));
    }

    private bool Same(PropertySpec[] specs, PSObject left, PSObject right) => specs.Length == 0
        ? LanguagePrimitives.Equals(left, right, !CaseSensitive)
        : specs.All(s => LanguagePrimitives.Equals(s.Value(left), s.Value(right), !CaseSensitive));

    private void Emit(PropertySpec[] specs, PSObject item, string side)
    {
        if (side == "==" ? !IncludeEqual : ExcludeDifferent)
        {
            return;
        }

        var result = new PSObject();
        foreach (var spec in specs)
        {
            result.Properties.Add(new PSNoteProperty(spec.Label ?? spec.Expression.ToString(), spec.Value(item)));
        }

        if (specs.Length == 0)
        {
            result.Properties.Add(new PSNoteProperty("InputObject", item));
        }

        result.Properties.Add(new PSNoteProperty("SideIndicator", side));
        WriteObject(result);
    }
}
