using System.Text.Json;
using System.Text.Json.Serialization;
using ContainerdPS.Oci.Image;

namespace ContainerdPS.Oci;

/// <summary>How an image wants to be run. Every property is null when the image does not say.</summary>
public sealed record ImageConfig
{
    /// <summary>Program and first arguments; what a caller gives comes after.</summary>
    [JsonPropertyName("Entrypoint")]
    public IReadOnlyList<string>? Entrypoint { get; init; }

    /// <summary>Arguments after the entry point, or the whole command when there is no entry point; a caller's arguments replace them.</summary>
    [JsonPropertyName("Cmd")]
    public IReadOnlyList<string>? Cmd { get; init; }

    /// <summary>Environment, each entry <c>NAME=VALUE</c>.</summary>
    [JsonPropertyName("Env")]
    public IReadOnlyList<string>? Env { get; init; }

    /// <summary>User to run as: a name or a number, optionally with <c>:group</c>.</summary>
    [JsonPropertyName("User")]
    public string? User { get; init; }

    /// <summary>Working directory inside the container.</summary>
    [JsonPropertyName("WorkingDir")]
    public string? WorkingDir { get; init; }

    /// <summary>Labels of the image.</summary>
    [JsonPropertyName("Labels")]
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Signal that ends the program in good order, such as <c>SIGTERM</c>.</summary>
    [JsonPropertyName("StopSignal")]
    public string? StopSignal { get; init; }

    /// <summary>Ports the program listens on, such as <c>80/tcp</c>.</summary>
    [JsonPropertyName("ExposedPorts")]
    [JsonConverter(typeof(KeySetConverter))]
    public IReadOnlyList<string>? ExposedPorts { get; init; }

    /// <summary>Folders the program keeps data in.</summary>
    [JsonPropertyName("Volumes")]
    [JsonConverter(typeof(KeySetConverter))]
    public IReadOnlyList<string>? Volumes { get; init; }

    /// <summary>Members of the document this type does not know, by name (Docker's <c>Healthcheck</c>, <c>OnBuild</c>, <c>Shell</c>).</summary>
    [JsonInclude]
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? ExtensionData { get; internal set; }

    /// <summary>The command line: entry point, then arguments.</summary>
    public override string ToString() => string.Join(' ', [.. Entrypoint ?? [], .. Cmd ?? []]);
}
