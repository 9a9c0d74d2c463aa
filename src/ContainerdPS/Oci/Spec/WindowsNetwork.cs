using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>Network of a Windows container.</summary>
public sealed class WindowsNetwork
{
    /// <summary>Ids of the endpoints to attach.</summary>
    public List<string>? EndpointList { get; set; }

    /// <summary>Whether names without a domain are looked up.</summary>
    [JsonPropertyName("allowUnqualifiedDNSQuery")]
    public bool? AllowUnqualifiedDnsQuery { get; set; }

    /// <summary>Domains that are searched for names without one.</summary>
    [JsonPropertyName("DNSSearchList")]
    public List<string>? DnsSearchList { get; set; }

    /// <summary>Id of a container whose endpoints are shared.</summary>
    public string? NetworkSharedContainerName { get; set; }

    /// <summary>Id of the network namespace.</summary>
    public string? NetworkNamespace { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
