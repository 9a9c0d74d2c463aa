using System.Text;

namespace ContainerdPS;

/// <summary>
/// One extension of a container: data that some program keeps with the container's record under a name of its own. The
/// daemon stores type and bytes and looks into neither.
/// </summary>
public sealed class ContainerExtension : ContainerdObject
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[] value;

    internal ContainerExtension(ContainerdSession session, string @namespace, string container, string name, string typeUrl, byte[] value)
        : base(session, @namespace)
    {
        Container = container;
        Name = name;
        TypeUrl = typeUrl;
        this.value = value;
    }

    /// <summary>The id of the container.</summary>
    public string Container { get; }

    /// <summary>The name, unique in its container, such as <c>io.cri-containerd.container.metadata</c>.</summary>
    public string Name { get; }

    /// <summary>What the bytes are, such as <c>containerd.runc.v1.Options</c>; the program that wrote them says so.</summary>
    public string TypeUrl { get; }

    /// <summary>The bytes as the daemon holds them; a copy each time.</summary>
    public byte[] Value => [.. value];

    /// <summary>How many bytes it has.</summary>
    public int Size => value.Length;

    /// <summary>The bytes as text, where they are UTF-8 without control characters but tabs and line ends; else null.</summary>
    public string? Text
    {
        get
        {
            try
            {
                string text = Strict.GetString(value);
                return text.All(static c => !char.IsControl(c) || c is '\t' or '\r' or '\n') ? text : null;
            }
            catch (DecoderFallbackException)
            {
                return null;
            }
        }
    }

    /// <summary>Gives the name.</summary>
    /// <returns>The value of <see cref="Name"/>.</returns>
    public override string ToString() => Name;
}
