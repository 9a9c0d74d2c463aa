namespace ContainerdPS;

/// <summary>A path by which the files of an image differ from those of another.</summary>
public sealed class ContainerImageFileChange : ContainerdFileChange
{
    internal ContainerImageFileChange(ContainerdSession session, string @namespace, string image, string reference)
        : base(session, @namespace)
    {
        Image = image;
        Reference = reference;
    }

    /// <summary>The name of the image.</summary>
    public string Image { get; }

    /// <summary>The name of the image it was compared with.</summary>
    public string Reference { get; }

    internal override string Compared => $"image {Formatting.Image(Image)} against {Formatting.Image(Reference)}";
}
