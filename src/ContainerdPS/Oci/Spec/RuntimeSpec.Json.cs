namespace ContainerdPS.Oci;

public sealed partial class RuntimeSpec
{
    /// <summary>The document as JSON text, with the names of the OCI specification.</summary>
    /// <param name="indented">Whether members are put on lines of their own.</param>
    public string ToJson(bool indented = true) => SpecJson.ToText(this, indented);

    /// <summary>Reads a document from JSON text.</summary>
    /// <param name="json">The text of a runtime specification (<c>config.json</c>).</param>
    /// <exception cref="ContainerdException">
    /// The text is no JSON object, or a member has the wrong type; the message names line and position.
    /// </exception>
    public static RuntimeSpec FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return SpecJson.Parse(System.Text.Encoding.UTF8.GetBytes(json));
    }

    /// <summary>A short summary: the command line, the number of mounts, and the specification's version.</summary>
    public override string ToString()
    {
        string command = Process?.ToString() is { Length: > 0 } line ? line : "no process";
        return $"{command} ({Mounts?.Count ?? 0} mounts, OCI {OciVersion ?? "unknown"})";
    }
}
