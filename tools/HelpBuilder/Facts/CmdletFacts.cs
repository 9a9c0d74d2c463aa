using System.Text.Json;

namespace HelpBuilder.Facts;

/// <summary>What the engine says of a module's cmdlets: the file tools/Get-CmdletFacts.ps1 writes.</summary>
internal sealed record ModuleFacts
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public required string Module { get; init; }

    public required IReadOnlyList<CmdletFacts> Cmdlets { get; init; }

    /// <summary>Reads the file.</summary>
    /// <exception cref="JsonException">It is not JSON, or lacks something.</exception>
    public static ModuleFacts Read(string file) =>
        JsonSerializer.Deserialize<ModuleFacts>(File.ReadAllText(file), Options)
        ?? throw new JsonException("The file holds no object.");
}

/// <summary>One cmdlet.</summary>
internal sealed record CmdletFacts
{
    public required string Name { get; init; }

    /// <summary>The help file the engine looks for: named after the assembly the cmdlet lives in.</summary>
    public required string HelpFile { get; init; }

    /// <summary>Types of the OutputType attributes, in .NET's own writing.</summary>
    public required IReadOnlyList<string> OutputTypes { get; init; }

    public required IReadOnlyList<ParameterSetFacts> ParameterSets { get; init; }
}

/// <summary>One parameter set.</summary>
internal sealed record ParameterSetFacts
{
    public required string Name { get; init; }

    public required bool IsDefault { get; init; }

    /// <summary>The parameters without the common ones; WhatIf and Confirm count as the cmdlet's own.</summary>
    public required IReadOnlyList<EngineParameter> Parameters { get; init; }
}

/// <summary>A parameter as one parameter set has it.</summary>
internal sealed record EngineParameter
{
    public required string Name { get; init; }

    /// <summary>Type in .NET's own writing: <c>System.Nullable`1[System.Int64]</c>.</summary>
    public required string Type { get; init; }

    public required IReadOnlyList<string> Aliases { get; init; }

    public required IReadOnlyList<string> AcceptedValues { get; init; }

    public required bool Mandatory { get; init; }

    /// <summary>From 0; null for a named parameter.</summary>
    public required int? Position { get; init; }

    public required bool ByValue { get; init; }

    public required bool ByPropertyName { get; init; }

    public required bool Wildcards { get; init; }
}
