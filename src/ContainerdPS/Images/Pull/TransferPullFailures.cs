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
        if (part is { } layer && words.Contains("failed to extract layer", StringComparison.Ordinal))
        {
            return LayerFailures.Explain(await LayerOfAsync(layer.Digest).ConfigureAwait(false), $" of the image '{request.Name}'", string.Empty, e);
        }

        string what = part is { } one
            ? $"The {await LabelOfAsync(one.Kind, one.Digest).ConfigureAwait(false)} {one.Digest} of '{request.Name}' cannot be received"
            : $"'{request.Name}' cannot be received";
        if (e.DaemonMessage is null)
        {
            return RegistryErrors.ForImage(what, e);
        }

        if (FullDisk.Is(e))
        {
            return FullDisk.Error(what, string.Empty, e);
        }

        if (words.Contains("no match for platform", StringComparison.Ordinal))
        {
            return new ContainerdException(ContainerdErrorCode.NotFound, $"The image '{request.Name}' has nothing for {Platforms.Host}.", e) { Reason = "PlatformNotFound" };
        }

        if (TransferFailures.Recognise(hosts.Hosts[^1].Authority, words, isResumable: part?.Kind == "layer") is not { } known)
        {
            known = e.Code == ContainerdErrorCode.NotFound
                ? RegistryErrors.Status(hosts.Hosts[^1].Authority, System.Net.HttpStatusCode.NotFound, null)
                : new ContainerdException(e.Code, $"The daemon says '{TransferFailures.Safe(words)}'.", e) { Reason = e.Reason ?? OwnWay.Unknown };
        }

        if (part is { } broken)
        {
            await PullRemains.DropAsync(unleased, $"{broken.Kind}-{broken.Digest}", PullErrors.IsSpoiled(known)).ConfigureAwait(false);
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

    /// <summary>A layer that was being unpacked. Containerd 1.7 names it by what it unpacks to.</summary>
    private async Task<OciDescriptor> LayerOfAsync(string digest)
    {
        foreach (ReceivedManifest manifest in await ManifestsAsync().ConfigureAwait(false))
        {
            int unpacked = (manifest.Config?.RootFs?.DiffIds ?? []).ToList().IndexOf(digest);
            OciDescriptor? found = manifest.Layers.FirstOrDefault(layer => layer.Digest == digest) ?? manifest.Layers.ElementAtOrDefault(unpacked);
            if (found is not null)
            {
                return found;
            }
        }

        return new OciDescriptor { MediaType = string.Empty, Digest = digest, Size = 0 };
    }

    /// <summary>What a part is called: which layer of how many, where the manifest that lists it is here.</summary>
    private async Task<string> LabelOfAsync(string kind, string digest)
    {
        if (kind != "layer")
        {
            return kind == "config" ? "configuration" : kind;
        }

        return PartLabels.Of(digest, await ManifestsAsync().ConfigureAwait(false)) ?? kind;
    }

    /// <summary>The manifests that have arrived.</summary>
    private async Task<IReadOnlyList<ReceivedManifest>> ManifestsAsync()
    {
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

        return manifests;
    }

    [GeneratedRegex("\\b(layer|manifest|index|config|unknown)(?:[- ]| \\(\\S+ )(sha256:[0-9a-f]{64})")]
    private static partial Regex Named();
}
