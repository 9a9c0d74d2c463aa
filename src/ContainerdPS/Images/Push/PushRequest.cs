using ContainerdPS.Images.Export;
using ContainerdPS.Oci.Image;

namespace ContainerdPS.Images.Push;

/// <summary>What is sent, and to where.</summary>
internal sealed record PushRequest
{
    /// <summary>The image's record.</summary>
    public required Wire.ImagesV1.Image Image { get; init; }

    /// <summary>What it is called there.</summary>
    public required ImageReference Reference { get; init; }

    public required PlatformChoice Platforms { get; init; }

    /// <summary>Why the client does it whatever the daemon can; null when nothing speaks for that.</summary>
    public string? LocalReason { get; init; }

    /// <summary>Told what is worth a warning.</summary>
    public Action<string>? Notice { get; init; }

    /// <summary>The destination as errors call it.</summary>
    public string Name => Reference.ToString();

    /// <summary>The image and its destination as errors call them.</summary>
    public string Where => Image.Name == Name ? "sent" : $"sent to '{Name}'";
}
