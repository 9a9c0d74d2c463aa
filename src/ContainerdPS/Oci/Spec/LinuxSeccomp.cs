using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>System call filter.</summary>
public sealed class LinuxSeccomp
{
    /// <summary>Action for calls no rule matches, such as <c>SCMP_ACT_ERRNO</c>.</summary>
    public string? DefaultAction { get; set; }

    /// <summary>Error number the default action returns, where it returns one.</summary>
    public uint? DefaultErrnoRet { get; set; }

    /// <summary>Architectures the filter is for, such as <c>SCMP_ARCH_X86_64</c>.</summary>
    public List<string>? Architectures { get; set; }

    /// <summary>Flags of the filter, such as <c>SECCOMP_FILTER_FLAG_LOG</c>.</summary>
    public List<string>? Flags { get; set; }

    /// <summary>Path of the socket that gets the file descriptor for <c>SCMP_ACT_NOTIFY</c>.</summary>
    public string? ListenerPath { get; set; }

    /// <summary>Text handed to the listener.</summary>
    public string? ListenerMetadata { get; set; }

    /// <summary>Rules.</summary>
    public List<LinuxSyscall>? Syscalls { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
