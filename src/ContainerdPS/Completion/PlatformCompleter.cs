using System.Collections;
using ContainerdPS.Images;
using ContainerdPS.Mapping;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;

namespace ContainerdPS.Completion;

/// <summary>Completes platforms: those of the image on the command line, else the usual ones.</summary>
internal class PlatformCompleter : DaemonCompleter
{
    private static readonly string[] Usual = ["linux/386", "linux/amd64", "linux/arm/v6", "linux/arm/v7", "linux/arm64", "linux/ppc64le", "linux/riscv64", "linux/s390x"];

    /// <summary>Whether only what an image here has can be meant.</summary>
    protected virtual bool IsOfImage => true;

    protected override async Task<IReadOnlyList<(string Text, string ToolTip)>> CandidatesAsync(NamespaceClient client, IDictionary bound, CancellationToken cancellationToken)
    {
        IEnumerable<string> platforms = IsOfImage && bound["Image"]?.ToString() is { Length: > 0 } image
            ? await OfImageAsync(client, image, cancellationToken).ConfigureAwait(false)
            : Usual;
        return platforms.Select(static platform => (platform, string.Empty)).ToArray();
    }

    private static async Task<IReadOnlyList<string>> OfImageAsync(NamespaceClient client, string image, CancellationToken cancellationToken)
    {
        try
        {
            Oci.OciDescriptor target = DescriptorMapping.FromWire((await ImageLookup.GetAsync(client, image, cancellationToken).ConfigureAwait(false)).Target);
            var reader = new ImageReader(client);
            return MediaTypes.IsIndex(target.MediaType)
                ? [.. (await reader.IndexAsync(target, cancellationToken).ConfigureAwait(false)).Select(static manifest => manifest.Platform?.ToString()).OfType<string>().Distinct()]
                : [(await reader.ConfigAsync(await reader.ManifestAsync(target, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false)).Platform.ToString()];
        }
        catch (ContainerdException)
        {
            return Usual;
        }
    }
}
