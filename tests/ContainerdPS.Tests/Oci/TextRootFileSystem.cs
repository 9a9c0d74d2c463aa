using System.Text;
using ContainerdPS.Oci.SpecOptions;

namespace ContainerdPS.Tests.Oci;

/// <summary>A root file system with nothing but the two account files.</summary>
internal sealed class TextRootFileSystem(string? passwd, string? group) : IRootFileSystem
{
    public Stream? OpenRead(string path) => path switch
    {
        "/etc/passwd" => Open(passwd),
        "/etc/group" => Open(group),
        _ => null,
    };

    private static MemoryStream? Open(string? text) => text is null ? null : new MemoryStream(Encoding.UTF8.GetBytes(text));
}
