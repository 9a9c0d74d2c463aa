using System.Collections;
using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Text.Json.Nodes;

namespace HelpBuilder.Tests;

/// <summary>The engine without PowerShell's own modules, with the sample module imported.</summary>
internal sealed class BareEngine : IDisposable
{
    private readonly Runspace _runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());

    // The engine reports imported modules unless it is told not to before its first use.
    static BareEngine() => Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");

    /// <param name="docs">Its root becomes the module's folder; help lies in en-US below it.</param>
    public BareEngine(DocsSandbox docs)
    {
        var module = Path.Combine(docs.Root, "Samples.psm1");
        File.WriteAllText(module, $"Import-Module -Assembly ([System.Reflection.Assembly]::LoadFrom('{DocsSandbox.Assembly.Location}'))");
        _runspace.Open();
        Invoke("Import-Module -Name $args[0]", module);
    }

    public Collection<PSObject> Invoke(string script, params object[] arguments)
    {
        using var shell = PowerShell.Create(_runspace);
        shell.AddScript(script);
        foreach (var argument in arguments)
        {
            shell.AddArgument(argument);
        }

        var result = shell.Invoke();
        Assert.Empty(shell.Streams.Error.Select(error => error.ToString()));
        return result;
    }

    /// <summary>Writes a script's ordered dictionaries as ConvertTo-Json would, which this engine lacks.</summary>
    public static JsonNode? ToJson(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        null => null,
        bool flag => JsonValue.Create(flag),
        int number => JsonValue.Create(number),
        string text => JsonValue.Create(text),
        IDictionary pairs => new JsonObject(pairs.Cast<DictionaryEntry>()
            .Select(pair => KeyValuePair.Create((string)pair.Key, ToJson(pair.Value)))),
        IEnumerable items => new JsonArray([.. items.Cast<object?>().Select(ToJson)]),
        var other => throw new NotSupportedException($"{other.GetType()} is not part of the facts."),
    };

    public void Dispose() => _runspace.Dispose();
}
