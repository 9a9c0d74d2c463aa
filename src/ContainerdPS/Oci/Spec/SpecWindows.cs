using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>What is special to Windows containers.</summary>
public sealed class SpecWindows
{
    /// <summary>Folders of the container's layers, the scratch space last.</summary>
    public List<string>? LayerFolders { get; set; }

    /// <summary>Devices to hand to the container.</summary>
    public List<WindowsDevice>? Devices { get; set; }

    /// <summary>Limits of the container.</summary>
    public WindowsResources? Resources { get; set; }

    /// <summary>
    /// Credential specification of a group managed service account, as its own JSON: an object, or a text that holds
    /// one.
    /// </summary>
    public JsonElement? CredentialSpec { get; set; }

    /// <summary>Whether the container is started to finish an update of the system.</summary>
    public bool? Servicing { get; set; }

    /// <summary>Whether flushes are ignored while the container boots.</summary>
    public bool? IgnoreFlushesDuringBoot { get; set; }

    /// <summary>Isolation in a virtual machine; null runs the container on the host's kernel.</summary>
    [JsonPropertyName("hyperv")]
    public WindowsHyperV? HyperV { get; set; }

    /// <summary>Network of the container.</summary>
    public WindowsNetwork? Network { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
