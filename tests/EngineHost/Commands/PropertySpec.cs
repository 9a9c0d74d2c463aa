using System.Collections;
using System.Management.Automation;
using Microsoft.PowerShell.Commands;

namespace EngineHost.Commands;

/// <summary>One element of a -Property argument: a name, a wildcard, a script block, or a hashtable of them.</summary>
internal sealed class PropertySpec
{
    private PropertySpec(PSPropertyExpression expression, string? label, bool? descending) =>
        (Expression, Label, Descending) = (expression, label, descending);

    public PSPropertyExpression Expression { get; }

    public string? Label { get; }

    public bool? Descending { get; }

    public static PropertySpec[] Parse(object[]? properties) => [.. (properties ?? []).Select(Parse)];

    /// <summary>The value of one object: null where it has no such property or the script block throws.</summary>
    public object? Value(PSObject item) =>
        Expression.GetValues(item).FirstOrDefault(r => r.Exception is null)?.Result;

    private static PropertySpec Parse(object property)
    {
        var value = property is PSObject wrapped ? wrapped.BaseObject : property;
        if (value is not IDictionary table)
        {
            return new PropertySpec(ToExpression(value), null, null);
        }

        object? expression = null;
        string? label = null;
        bool? descending = null;
        foreach (DictionaryEntry entry in table)
        {
            switch (entry.Key.ToString()!.ToLowerInvariant())
            {
                case "n" or "name" or "l" or "label": label = entry.Value?.ToString(); break;
                case "e" or "expression": expression = entry.Value; break;
                case "descending": descending = LanguagePrimitives.IsTrue(entry.Value); break;
                case "ascending": descending = !LanguagePrimitives.IsTrue(entry.Value); break;
                default: throw new PSArgumentException($"The key '{entry.Key}' is not known in a calculated property.");
            }
        }

        var made = ToExpression(expression is PSObject o ? o.BaseObject : expression ?? label
            ?? throw new PSArgumentException("A calculated property needs an expression."));
        return new PropertySpec(made, label, descending);
    }

    private static PSPropertyExpression ToExpression(object value) =>
        value is ScriptBlock script ? new PSPropertyExpression(script) : new PSPropertyExpression(value.ToString());
}
