using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>
/// An OCI runtime specification document (<c>config.json</c>): what a runtime is told to run, as containerd stores
/// it in a container. Every property is null when the document does not have the member; members this class does
/// not know survive a read, a change and a write.
/// </summary>
public sealed partial class RuntimeSpec
{
    /// <summary>Version of the OCI runtime specification the document follows, as semantic version text (<c>1.0.2-dev</c>).</summary>
    public string? OciVersion { get; set; }

    /// <summary>The process to run in the container.</summary>
    public SpecProcess? Process { get; set; }

    /// <summary>The container's root file system.</summary>
    public SpecRoot? Root { get; set; }

    /// <summary>Host name inside the container's UTS namespace.</summary>
    public string? Hostname { get; set; }

    /// <summary>NIS domain name inside the container's UTS namespace.</summary>
    public string? Domainname { get; set; }

    /// <summary>Mounts beyond the root file system, made in this order.</summary>
    public List<SpecMount>? Mounts { get; set; }

    /// <summary>Programs the runtime calls at points of the container's life.</summary>
    public SpecHooks? Hooks { get; set; }

    /// <summary>Free key and value pairs the runtime may read.</summary>
    public Dictionary<string, string>? Annotations { get; set; }

    /// <summary>What is special to Linux containers.</summary>
    public SpecLinux? Linux { get; set; }

    /// <summary>What is special to Windows containers.</summary>
    public SpecWindows? Windows { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
