using System.Management.Automation;
using EngineHost.Hosting;

namespace EngineHost.Commands;

/// <summary>Selects objects by position and properties by name.</summary>
[Cmdlet(VerbsCommon.Select, "Object")]
public sealed class SelectObjectCommand : PSCmdlet
{
    private readonly Queue<PSObject> _last = new();
    private readonly List<PSObject> _unique = [];
    private PropertySpec[] _properties = [];
    private WildcardPattern[] _excluded = [];
    private int _seen;
    private int _written;

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    public object[]? Property { get; set; }

    [Parameter]
    public string[] ExcludeProperty { get; set; } = [];

    [Parameter]
    public string? ExpandProperty { get; set; }

    [Parameter]
    public SwitchParameter Unique { get; set; }

    [Parameter, ValidateRange(0, int.MaxValue)]
    public int First { get; set; } = -1;

    [Parameter, ValidateRange(0, int.MaxValue)]
    public int Last { get; set; } = -1;

    [Parameter, ValidateRange(0, int.MaxValue)]
    public int Skip { get; set; }

    [Parameter, ValidateRange(0, int.MaxValue)]
    public int SkipLast { get; set; }

    [Parameter]
    public int[]? Index { get; set; }

    [Parameter]
    public SwitchParameter Wait { get; set; }

    protected override void BeginProcessing()
    {
        _properties = PropertySpec.Parse(Property);
        _excluded = [.. ExcludeProperty.Select(p => WildcardPattern.Get(p, WildcardOptions.IgnoreCase))];
        if (_properties.Length == 0 && _excluded.Length > 0)
        {
            _properties = PropertySpec.Parse(["*"]);
        }
    }

    protected override void ProcessRecord()
    {
        if (InputObject is null)
        {
            return;
        }

        var position = _seen++;
        if (Index is not null)
        {
            if (Index.Contains(position))
            {
                Emit(InputObject);
            }
        }
        else if (Last >= 0 || SkipLast > 0)
        {
            Keep(InputObject);
        }
        else if (position >= Skip)
        {
            if (First != 0)
            {
                Emit(InputObject);
            }

            StopWhenFull();
        }
    }

    protected override void EndProcessing()
    {
        // -Last with -Skip: the skipped ones are at the end.
        for (var n = _last.Count - (SkipLast > 0 ? _last.Count : Skip); n > 0; n--)
        {
            Emit(_last.Dequeue());
        }
    }

    private void Keep(PSObject item)
    {
        _last.Enqueue(item);
        if (SkipLast > 0 && _last.Count > SkipLast)
        {
            Emit(_last.Dequeue());
        }
        else if (SkipLast == 0 && _last.Count > Last + Skip)
        {
            _last.Dequeue();
        }
    }

    private void StopWhenFull()
    {
        if (First >= 0 && _written >= First && !Wait)
        {
            throw EngineInternals.StopUpstream(this);
        }
    }

    private void Emit(PSObject item)
    {
        _written++;
        if (_properties.Length == 0 && ExpandProperty is null)
        {
            Write(item);
            return;
        }

        var selected = _properties.Length > 0 ? Shaped(item) : null;
        if (ExpandProperty is null)
        {
            Write(selected!);
            return;
        }

        var spec = PropertySpec.Parse([ExpandProperty])[0];
        var values = spec.Expression.GetValues(item);
        if (values.Count == 0)
        {
            WriteError(new ErrorRecord(
                new PSArgumentException($"Property \"{ExpandProperty}\" cannot be found."), "ExpandPropertyNotFound", ErrorCategory.InvalidArgument, item));
            return;
        }

        foreach (var value in values.SelectMany(v => LanguagePrimitives.GetEnumerable(v.Result)?.Cast<object?>() ?? [v.Result]))
        {
            if (value is not null)
            {
                Write(Expanded(value, selected));
            }
        }
    }

    private static PSObject Expanded(object value, PSObject? selected)
    {
        var result = PSObject.AsPSObject(value);
        foreach (var property in selected?.Properties ?? Enumerable.Empty<PSPropertyInfo>())
        {
            if (result.Properties[property.Name] is null)
            {
                result.Properties.Add(property.Copy() as PSPropertyInfo);
            }
        }

        return result;
    }

    private PSObject Shaped(PSObject item)
    {
        var result = new PSObject();
        result.TypeNames.Insert(0, "Selected." + item.TypeNames.FirstOrDefault());
        foreach (var spec in _properties)
        {
            var names = spec.Expression.Script is null ? spec.Expression.ResolveNames(item) : [spec.Expression];
            foreach (var found in names.Count > 0 ? names : [spec.Expression])
            {
                var name = spec.Label ?? found.ToString();
                if (_excluded.Any(p => p.IsMatch(name)) || (names.Count == 0 && found.HasWildCardCharacters) || result.Properties[name] is not null)
                {
                    continue;
                }

                var value = found.GetValues(item).FirstOrDefault(r => r.Exception is null)?.Result;
                result.Properties.Add(new PSNoteProperty(name, value));
            }
        }

        return result;
    }

    private void Write(PSObject item)
    {
        if (Unique)
        {
            if (_unique.Any(other => Same(other, item)))
            {
                return;
            }

            _unique.Add(item);
        }

        WriteObject(item);
    }

    private static bool Same(PSObject left, PSObject right)
    {
        if (left.BaseObject is not PSCustomObject)
        {
            return LanguagePrimitives.Equals(left, right);
        }

        var (a, b) = (left.Properties.ToArray(), right.Properties.ToArray());
        return a.Length == b.Length && a.Zip(b).All(p => p.First.Name == p.Second.Name && LanguagePrimitives.Equals(p.First.Value, p.Second.Value));
    }
}
