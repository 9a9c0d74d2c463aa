using System.Management.Automation;

namespace EngineHost.Commands;

/// <summary>Commands about variables. Scopes by name; numbered ones are not offered.</summary>
public abstract class VariableCommand : PSCmdlet
{
    [Parameter, ValidateSet("Global", "Local", "Script", "Private")]
    public string? Scope { get; set; }

    private protected string Scoped(string name) => Scope is null ? name : $"{Scope}:{name}";
}

/// <summary>Variables by name; all without one.</summary>
[Cmdlet(VerbsCommon.Get, "Variable")]
public sealed class GetVariableCommand : VariableCommand
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    public string[] Name { get; set; } = ["*"];

    [Parameter]
    public SwitchParameter ValueOnly { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            var wildcard = WildcardPattern.ContainsWildcardCharacters(name);
            IEnumerable<PSVariable> found = wildcard
                ? InvokeProvider.ChildItem.Get("Variable:" + name, recurse: false).Select(v => v.BaseObject).OfType<PSVariable>()
                : SessionState.PSVariable.Get(Scoped(name)) is { } one ? [one] : [];
            WriteObject(ValueOnly ? found.Select(v => v.Value) : found, enumerateCollection: true);
            if (!wildcard && !found.Any())
            {
                var missing = new ItemNotFoundException($"Cannot find a variable with the name '{name}'.");
                WriteError(new ErrorRecord(missing, "VariableNotFound", ErrorCategory.ObjectNotFound, name));
            }
        }
    }
}

/// <summary>Sets variables.</summary>
[Cmdlet(VerbsCommon.Set, "Variable")]
public sealed class SetVariableCommand : VariableCommand
{
    [Parameter(Position = 0, Mandatory = true)]
    public string[] Name { get; set; } = [];

    [Parameter(Position = 1)]
    public object? Value { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            SessionState.PSVariable.Set(Scoped(name), Value);
        }
    }
}

/// <summary>Makes a variable; fails where there is one in the current scope by -Scope's name.</summary>
[Cmdlet(VerbsCommon.New, "Variable")]
public sealed class NewVariableCommand : VariableCommand
{
    [Parameter(Position = 0, Mandatory = true)]
    public string Name { get; set; } = "";

    [Parameter(Position = 1)]
    public object? Value { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        if (!Force && SessionState.PSVariable.Get(Scope is null ? "Local:" + Name : Scoped(Name)) is not null)
        {
            var exists = new SessionStateException($"A variable with name '{Name}' already exists.");
            WriteError(new ErrorRecord(exists, "VariableAlreadyExists", ErrorCategory.ResourceExists, Name));
            return;
        }

        SessionState.PSVariable.Set(Scoped(Name), Value);
    }
}

/// <summary>Removes variables.</summary>
[Cmdlet(VerbsCommon.Remove, "Variable")]
public sealed class RemoveVariableCommand : VariableCommand
{
    [Parameter(Position = 0, Mandatory = true)]
    public string[] Name { get; set; } = [];

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            if (SessionState.PSVariable.Get(Scoped(name)) is null)
            {
                var missing = new ItemNotFoundException($"Cannot find a variable with the name '{name}'.");
                WriteError(new ErrorRecord(missing, "VariableNotFound", ErrorCategory.ObjectNotFound, name));
            }
            else
            {
                SessionState.PSVariable.Remove(Scoped(name));
            }
        }
    }
}
