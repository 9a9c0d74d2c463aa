using ContainerdPS.Oci;

namespace ContainerdPS.Images.Export;

/// <summary>Which of an image's platforms are meant.</summary>
/// <param name="Wanted">These, each of which has to be there; empty for those that are whole in the content store.</param>
/// <param name="All">Every one the image lists, whole or not: what is missing is an error.</param>
internal sealed record PlatformChoice(IReadOnlyList<OciPlatform> Wanted, bool All)
{
    /// <summary>Whether a platform may be left out for want of its content.</summary>
    public bool MayLeaveOut => !All && Wanted.Count == 0;
}
