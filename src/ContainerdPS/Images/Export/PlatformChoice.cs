using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;

namespace ContainerdPS.Images.Export;

/// <summary>Which of an image's platforms are meant.</summary>
/// <param name="Wanted">These, each of which has to be there; empty for those that are whole in the content store.</param>
/// <param name="All">Every one the image lists, whole or not: what is missing is an error.</param>
internal sealed record PlatformChoice(IReadOnlyList<OciPlatform> Wanted, bool All)
{
    /// <summary>Reads what a command was given.</summary>
    /// <exception cref="ContainerdException">It is no platform, or both were given.</exception>
    public static PlatformChoice Of(string[]? platforms, bool all) => all && platforms is not null
        ? throw new ContainerdException(ContainerdErrorCode.InvalidArgument, "-AllPlatforms and -Platform say different things. Give one of them.") { Reason = "ConflictingPlatforms" }
        : new PlatformChoice(platforms?.Select(Platforms.Parse).Distinct().ToArray() ?? [], all);

    /// <summary>Whether a platform may be left out for want of its content.</summary>
    public bool MayLeaveOut => !All && Wanted.Count == 0;
}
