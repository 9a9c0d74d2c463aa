using System.Text.RegularExpressions;
using ContainerdPS.Images.Progress;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Registry;
using ContainerdPS.Services;

namespace ContainerdPS.Images.Pull;

/// <summary>Makes our errors of those of an image that the daemon receives by itself, and takes away what is worthless.</summary>
internal sealed partial class TransferPullFailures(NamespaceClient client, PullRequest request, RegistryHosts hosts, ImageProgress progress)
{
    private static readonly TimeSpan LookLimit = TimeSpan.FromSeconds(5);

    // What a write under a lease leaves is not found without.
    private readonly NamespaceClient unleased = new(client.Session, client.Namespace);

    /// <summary>Our error of the daemon's; what the daemon would go on from, though it is worthless, is taken away.</summary>
    public async Task<ContainerdException> TranslateAsync(ContainerdException e)
    {
        string words = e.DaemonMessage ?? string.Empty;
        (string Kind, string Digest)? part = PartOf(words);
        string what = part is { } one
            ? $"The {await LabelOfAsync(one.Kind, one.Digest).ConfigureAwait(false)} {one.Digest} of '{request.Name}' cannot be received"
            : $"'{request.Name}' cannot be received";
        if (e.DaemonMessage is null)
        {
            return RegistryErrors.ForImage(what, e);
        }

        if (part is { } layer && words.Contains("failed to extract layer", StringComparison.Ordinal))
        {
            return LayerFailures.Explain(new OciDescriptor { MediaType = string.Empty, Digest = layer.Digest, Size = 0 }, $" of the image '{request.Name}'", string.Empty, e);
        }

        if (FullDisk.Is(e))
        {
            return FullDisk.Error(what, string.Empty, e);
        }

        if (words.Contains("no match for platform", StringComparison.Ordinal))
        {
            return new ContainerdException(ContainerdErrorCode.NotFound, $"The image '{request.Name}' has nothing for {Platforms.Host}.", e) { Reason = "PlatformNotFound" };
        }

        if (TransferFailures.Recognise(hosts.Hosts[^1].Authority, words) is not { } known)
        {
            known = e.Code == ContainerdErrorCode.NotFound
                ? RegistryErrors.Status(hosts.Hosts[^1].Authority, System.Net.HttpStatusCode.NotFound, null)
                : new ContainerdException(e.Code, $"The daemon says '{TransferFailures.Safe(words)}'.", e) { Reason = e.Reason ?? OwnWay.Unknown };
        }

        if (part is { } broken)
        {
            await DropAsync($"{broken.Kind}-{broken.Digest}", PullErrors.IsSpoiled(known)).ConfigureAwait(false);
        }

        return RegistryErrors.ForImage(what, known);
    }

    /// <summary>What a failure is about: what its words name, or else what is on its way.</summary>
    private (string Kind, string Digest)? PartOf(string words)
    {
        if (Named().Match(words) is { Success: true } named)
        {
            return (named.Groups[1].Value, named.Groups[2].Value);
        }

        PartProgress? part = progress.Parts.FirstOrDefault(one => words.Contains(one.Digest, StringComparison.Ordinal))
            ?? progress.Parts.FirstOrDefault(static one => one.State == PartState.Downloading && one.Done < one.Total);
        return part is null ? null : (part.Label, part.Digest);
    }

    /// <summary>What a part is called: which layer of how many, where the manifest that lists it is here.</summary>
    private async Task<string> LabelOfAsync(string kind, string digest)
    {
        if (kind != "layer")
        {
            return kind == "config" ? "configuration" : kind;
        }

        using var limit = new CancellationTokenSource(LookLimit);
        var reader = new ImageReader(unleased);
        var manifests = new List<ReceivedManifest>();
        foreach (PartProgress one in progress.Parts.Where(static one => one.Label == "manifest"))
        {
            try
            {
                var descriptor = new OciDescriptor { MediaType = MediaTypes.OciManifest, Digest = one.Digest, Size = one.Total };
                ImageManifest manifest = await reader.ManifestAsync(descriptor, limit.Token).ConfigureAwait(false);
                manifests.Add(new ReceivedManifest(descriptor, manifest, MediaTypes.IsConfig(manifest.Config?.MediaType) ? await reader.ConfigAsync(manifest, limit.Token).ConfigureAwait(false) : null));
            }
            catch (Exception e) when (e is ContainerdException or OperationCanceledException)
            {
                // It has not arrived, or the daemon is gone.
            }
        }

        return PartLabels.Of(digest, manifests) ?? kind;
    }

    /// <summary>Takes away what is spoiled, or nothing, unless somebody is writing it.</summary>
    private async Task DropAsync(string reference, bool isSpoiled)
    {
        using var limit = new CancellationTokenSource(LookLimit);
        try
        {
            if (await unleased.Content.FindIngestAsync(reference, limit.Token).ConfigureAwait(false) is { } left && (isSpoiled || left.Offset == 0))
            {
                ContentWriter writer = await ContentWriter.OpenAsync(unleased, reference, left.Total, left.Expected, limit.Token).ConfigureAwait(false);
                await using (writer.ConfigureAwait(false))
                {
                    await ContentWriter.AbortAsync(unleased, reference).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e) when (e is ContainerdException or OperationCanceledException)
        {
            // Somebody is, or the daemon is gone.
        }
    }

    [GeneratedRegex("\\b(layer|manifest|index|config|unknown)(?:[- ]| \\(\\S+ )(sha256:[0-9a-f]{64})")]
    private static partial Regex Named();
}
