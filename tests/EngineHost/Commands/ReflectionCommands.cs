using System.Collections;
using System.Management.Automation;
using System.Reflection;

namespace EngineHost.Commands;

/// <summary>Loads an assembly. Compiling source text is not offered.</summary>
[Cmdlet(VerbsCommon.Add, "Type", DefaultParameterSetName = "Path")]
public sealed class AddTypeCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "Path")]
    [Alias("LiteralPath", "PSPath")]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = "Name")]
    [Alias("AN")]
    public string[] AssemblyName { get; set; } = [];

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        var loaded = Path.Select(p => Assembly.LoadFrom(GetUnresolvedProviderPathFromPSPath(p))).Concat(AssemblyName.Select(Assembly.Load));
        foreach (var assembly in loaded)
        {
            WriteObject(PassThru ? assembly.GetExportedTypes() : [], enumerateCollection: true);
        }
    }
}

/// <summary>Makes an object of a type.</summary>
[Cmdlet(VerbsCommon.New, "Object")]
public sealed class NewObjectCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true)]
    public string TypeName { get; set; } = "";

    [Parameter(Position = 1)]
    [Alias("Args")]
    public object[] ArgumentList { get; set; } = [];

    [Parameter]
    public IDictionary? Property { get; set; }

    protected override void ProcessRecord()
    {
        var type = LanguagePrimitives.ConvertTo<Type>(TypeName);
        var made = type.IsValueType && ArgumentList.Length == 0
            ? Activator.CreateInstance(type)
            : InvokeCommand.InvokeScript("param($type, $with) , $type::new.Invoke($with)", type, ArgumentList).FirstOrDefault()?.BaseObject;
        var result = PSObject.AsPSObject(type == typeof(PSObject) || type.Name == "PSCustomObject" ? new PSObject() : made!);
        foreach (DictionaryEntry entry in Property ?? new Hashtable())
        {
            var name = entry.Key.ToString()!;
            if (result.Properties[name] is { } existing)
            {
                existing.Value = entry.Value;
            }
            else if (result.BaseObject is PSCustomObject)
            {
                result.Properties.Add(new PSNoteProperty(name, entry.Value));
            }
            else
            {
                throw new PSArgumentException($"The type {type} has no property '{name}'.");
            }
        }

        WriteObject(result);
    }
}

/// <summary>Adds a property or a method to an object.</summary>
[Cmdlet(VerbsCommon.Add, "Member", DefaultParameterSetName = "Note")]
public sealed class AddMemberCommand : PSCmdlet
{
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "Member")]
    [Alias("Type")]
    public PSMemberTypes MemberType { get; set; }

    [Parameter(Position = 1, Mandatory = true, ParameterSetName = "Member")]
    public string Name { get; set; } = "";

    [Parameter(Position = 2, ParameterSetName = "Member")]
    public object? Value { get; set; }

    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "Note")]
    public string NotePropertyName { get; set; } = "";

    [Parameter(Position = 1, Mandatory = true, ParameterSetName = "Note"), AllowNull]
    public object? NotePropertyValue { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Notes")]
    public IDictionary? NotePropertyMembers { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        IEnumerable<PSMemberInfo> members = ParameterSetName switch
        {
            "Note" => [new PSNoteProperty(NotePropertyName, NotePropertyValue)],
            "Notes" => NotePropertyMembers!.Cast<DictionaryEntry>().Select(e => new PSNoteProperty(e.Key.ToString(), e.Value)),
            _ => [Member()],
        };
        foreach (var member in members)
        {
            if (Force && InputObject!.Members[member.Name] is { IsInstance: true })
            {
                InputObject.Members.Remove(member.Name);
            }

            InputObject!.Members.Add(member);
        }

        WriteObject(PassThru ? [InputObject!] : Array.Empty<PSObject>(), enumerateCollection: true);
    }

    private PSMemberInfo Member() => MemberType switch
    {
        PSMemberTypes.NoteProperty => new PSNoteProperty(Name, Value),
        PSMemberTypes.AliasProperty => new PSAliasProperty(Name, Value?.ToString()),
        PSMemberTypes.ScriptProperty => new PSScriptProperty(Name, LanguagePrimitives.ConvertTo<ScriptBlock>(Value)),
        PSMemberTypes.ScriptMethod => new PSScriptMethod(Name, LanguagePrimitives.ConvertTo<ScriptBlock>(Value)),
        _ => throw new PSArgumentException($"Members of the type {MemberType} are not offered here."),
    };
}

/// <summary>The members of objects, once a type.</summary>
[Cmdlet(VerbsCommon.Get, "Member")]
public sealed class GetMemberCommand : PSCmdlet
{
    private readonly HashSet<string> _seen = [];

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    public string[] Name { get; set; } = ["*"];

    [Parameter]
    [Alias("Type")]
    public PSMemberTypes MemberType { get; set; } = PSMemberTypes.All;

    [Parameter]
    public SwitchParameter Static { get; set; }

    protected override void ProcessRecord()
    {
        if (InputObject is null || !_seen.Add(Static ? Type.FullName! : InputObject.TypeNames[0]))
        {
            return;
        }

        var patterns = Name.Select(n => WildcardPattern.Get(n, WildcardOptions.IgnoreCase)).ToArray();
        IEnumerable<(string Name, PSMemberTypes Kind, string Text)> members = Static
            ? Type.GetMembers(BindingFlags.Static | BindingFlags.Public).Where(m => m is not MethodBase { IsSpecialName: true })
                .Select(m => (m.Name, m is MethodBase ? PSMemberTypes.Method : PSMemberTypes.Property, m.ToString()!))
            : InputObject.Members.Where(m => m is not PSMemberSet && !(m is PSMethodInfo && IsAccessor(m.Name)))
                .Select(m => (m.Name, m.MemberType, m.ToString()!));
        foreach (var (name, kind, text) in members.OrderBy(m => m.Kind == PSMemberTypes.Method ? 0 : 1).ThenBy(m => m.Name, StringComparer.OrdinalIgnoreCase))
        {
            if ((kind & MemberType) == 0 || !patterns.Any(p => p.IsMatch(name)))
            {
                continue;
            }

            var row = new PSObject();
            row.TypeNames.Insert(0, "Microsoft.PowerShell.Commands.MemberDefinition");
            row.Properties.Add(new PSNoteProperty("TypeName", Static ? Type.FullName : InputObject.TypeNames[0]));
            row.Properties.Add(new PSNoteProperty("Name", name));
            row.Properties.Add(new PSNoteProperty("MemberType", kind));
            row.Properties.Add(new PSNoteProperty("Definition", text));
            WriteObject(row);
        }
    }

    private Type Type => InputObject!.BaseObject as Type ?? InputObject.BaseObject.GetType();

    private static bool IsAccessor(string name) => name.StartsWith("get_", StringComparison.Ordinal) || name.StartsWith("set_", StringComparison.Ordinal);
}
