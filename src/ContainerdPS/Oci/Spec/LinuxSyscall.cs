using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>A rule of a system call filter.</summary>
public sealed class LinuxSyscall
{
    /// <summary>Names of the system calls.</summary>
    public List<string>? Names { get; set; }

    /// <summary>Action, such as <c>SCMP_ACT_ALLOW</c>.</summary>
    public string? Action { get; set; }

    /// <summary>Error number the action returns, where it returns one.</summary>
    public uint? ErrnoRet { get; set; }

    /// <summary>Conditions on the call's arguments; all must hold.</summary>
    public List<LinuxSeccompArg>? Args { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
