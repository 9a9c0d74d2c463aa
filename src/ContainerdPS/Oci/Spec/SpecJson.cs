using System.Text;

namespace ContainerdPS.Oci;

/// <summary>
/// Runtime specification documents from and to UTF-8 JSON. A member that is in a document and not null is written
/// back, also when it is empty, zero or false: only null is left out.
/// </summary>
internal static class SpecJson
{
    /// <summary>Reads a whole runtime specification.</summary>
    public static RuntimeSpec Parse(ReadOnlySpan<byte> json) =>
        OciJson.Read(json, SpecJsonContext.Default.RuntimeSpec, "runtime specification");

    /// <summary>Writes a whole runtime specification, without white space.</summary>
    public static byte[] Serialize(RuntimeSpec spec) => OciJson.Write(spec, SpecJsonContext.Default.RuntimeSpec, indented: false).ToArray();

    /// <summary>Reads the process of an exec.</summary>
    public static SpecProcess ParseProcess(ReadOnlySpan<byte> json) =>
        OciJson.Read(json, SpecJsonContext.Default.SpecProcess, "process specification");

    /// <summary>Writes the process of an exec.</summary>
    public static byte[] SerializeProcess(SpecProcess process) => OciJson.Write(process, SpecJsonContext.Default.SpecProcess, indented: false).ToArray();

    /// <summary>Reads the limits of a Linux cgroup.</summary>
    public static LinuxResources ParseResources(ReadOnlySpan<byte> json) =>
        OciJson.Read(json, SpecJsonContext.Default.LinuxResources, "resource specification");

    /// <summary>Reads the limits of a Windows container.</summary>
    public static WindowsResources ParseWindowsResources(ReadOnlySpan<byte> json) =>
        OciJson.Read(json, SpecJsonContext.Default.WindowsResources, "resource specification");

    /// <summary>Writes the limits a Linux task is updated with.</summary>
    public static byte[] SerializeResources(LinuxResources resources) => OciJson.Write(resources, SpecJsonContext.Default.LinuxResources, indented: false).ToArray();

    /// <summary>Writes the limits a Windows task is updated with.</summary>
    public static byte[] SerializeResources(WindowsResources resources) => OciJson.Write(resources, SpecJsonContext.Default.WindowsResources, indented: false).ToArray();

    /// <summary>A whole runtime specification as text.</summary>
    public static string ToText(RuntimeSpec spec, bool indented) =>
        Encoding.UTF8.GetString(OciJson.Write(spec, SpecJsonContext.Default.RuntimeSpec, indented).Span);

    /// <summary>A copy that shares nothing with the original.</summary>
    public static RuntimeSpec Clone(RuntimeSpec spec) =>
        Parse(OciJson.Write(spec, SpecJsonContext.Default.RuntimeSpec, indented: false).Span);
}
