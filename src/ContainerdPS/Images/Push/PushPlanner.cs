using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ContainerdPS.Images.Export;
using ContainerdPS.Mapping;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;
using ContainerdPS.Wire.ContentV1;

namespace ContainerdPS.Images.Push;

/// <summary>
/// Finds out what is sent of an image. A registry takes an index only with all that it lists, so one of which a part stays
/// behind is written anew, or is its one manifest.
/// </summary>
internal sealed class PushPlanner(NamespaceClient client, PushRequest request)
{
    private readonly Dictionary<string, Info?> infos = new(StringComparer.Ordinal);
    private readonly List<PushPart> documents = [];
    private readonly Dictionary<string, PushPart> blobs = new(StringComparer.Ordinal);
    private bool leavesForeign;

    public async Task<PushPlan> PlanAsync(CancellationToken cancellationToken)
    {
        OciDescriptor target = DescriptorMapping.FromWire(request.Image.Target);
        SelectedImage selected = await new ImageSelector(client, request.Platforms).SelectAsync(request.Image.Name, target, cancellationToken).ConfigureAwait(false);
        Dictionary<string, SelectedManifest> manifests = selected.Manifests.DistinctBy(static manifest => manifest.Descriptor.Digest).ToDictionary(static manifest => manifest.Descriptor.Digest, StringComparer.Ordinal);
        SelectedManifest[] images = selected.Manifests.Where(static manifest => manifest.Platform is { Os: not "unknown" }).ToArray();
        bool isOne = manifests.Count == 1 && (request.Platforms.Wanted.Count > 0 || selected.LeftOut.Count > 0);
        OciDescriptor top = isOne ? selected.Manifests[0].Descriptor : target;
        await DocumentAsync(top, [], new Chosen(manifests, images.Length > 1), cancellationToken).ConfigureAwait(false);
        var plan = new PushPlan([.. blobs.Values], documents, images.Select(static manifest => manifest.Platform!).Distinct().ToArray())
        {
            IsWhole = documents[^1].Descriptor.Digest == target.Digest,
            LeavesForeign = leavesForeign,
            LeftOut = selected.LeftOut.Distinct().ToArray(),
        };
        if (request.Reference.Digest is { } digest && digest != plan.Target.Digest)
        {
            throw new ContainerdException(
                ContainerdErrorCode.InvalidArgument,
                $"'{request.Image.Name}' cannot be {request.Where}: that name has a digest, and what would be sent has {plan.Target.Digest}. Give a name with a tag with -Destination.") { Reason = "DigestMismatch" };
        }

        return plan;
    }

    /// <summary>Takes in a manifest or an index after what it names.</summary>
    /// <returns>Its descriptor, which is another where something was taken out of it; null when nothing of it is sent.</returns>
    private async Task<OciDescriptor?> DocumentAsync(OciDescriptor descriptor, IReadOnlyList<OciDescriptor> above, Chosen chosen, CancellationToken cancellationToken)
    {
        bool isIndex = MediaTypes.IsIndex(descriptor.MediaType);
        if (!isIndex && !chosen.Manifests.ContainsKey(descriptor.Digest))
        {
            return null;
        }

        if (documents.Find(part => part.Descriptor.Digest == descriptor.Digest) is { } known)
        {
            return known.Descriptor;
        }

        if (isIndex && await FindAsync(descriptor, cancellationToken).ConfigureAwait(false) is null)
        {
            return null;
        }

        ReadOnlyMemory<byte> document = await client.Content.ReadDocumentAsync(descriptor.Digest, ImageReader.DocumentLimit, cancellationToken).ConfigureAwait(false);
        OciDescriptor[] path = [.. above, descriptor];
        if (isIndex)
        {
            (document, descriptor) = await ReduceAsync(descriptor, document, path, chosen, cancellationToken).ConfigureAwait(false);
            if (document.IsEmpty)
            {
                return null;
            }
        }
        else
        {
            await BlobsAsync(chosen.Manifests[descriptor.Digest], path, chosen, cancellationToken).ConfigureAwait(false);
        }

        string label = isIndex ? "index" : chosen.IsMany && chosen.Manifests[descriptor.Digest].Platform is { } platform ? $"manifest for {platform}" : "manifest";
        documents.Add(new PushPart(descriptor, label) { Document = document });
        return descriptor;
    }

    /// <summary>An index with what of it is sent: as it is when that is all.</summary>
    private async Task<(ReadOnlyMemory<byte> Document, OciDescriptor Descriptor)> ReduceAsync(
        OciDescriptor index, ReadOnlyMemory<byte> document, OciDescriptor[] path, Chosen chosen, CancellationToken cancellationToken)
    {
        IReadOnlyList<OciDescriptor> children = ImageJson.ParseIndex(document.Span).Manifests ?? [];
        JsonArray? list = null;
        JsonObject? changed = null;
        var gone = new List<JsonNode>();
        for (int i = 0; i < children.Count; i++)
        {
            OciDescriptor child = children[i];
            OciDescriptor? sent = child;
            if (MediaTypes.IsIndex(child.MediaType) || MediaTypes.IsManifest(child.MediaType))
            {
                sent = await DocumentAsync(child, path, chosen, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await BlobAsync(child, "part", path, cancellationToken).ConfigureAwait(false);
            }

            if (sent?.Digest == child.Digest)
            {
                continue;
            }

            // Edited as JSON, so that what we do not know of it stays.
            changed ??= JsonNode.Parse(document.Span)!.AsObject();
            list ??= changed["manifests"]!.AsArray();
            if (sent is null)
            {
                gone.Add(list[i]!);
            }
            else
            {
                list[i]!["digest"] = sent.Digest;
                list[i]!["size"] = sent.Size;
            }
        }

        if (changed is null)
        {
            return (document, index);
        }

        gone.ForEach(node => list!.Remove(node));
        if (list!.Count == 0)
        {
            return (default, index);
        }

        using var reduced = new MemoryStream();
        using (var writer = new Utf8JsonWriter(reduced, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            changed.WriteTo(writer);
        }

        return (reduced.ToArray(), new OciDescriptor { MediaType = index.MediaType, Digest = Digest.Compute(reduced.ToArray()).ToString(), Size = reduced.Length });
    }

    private async Task BlobsAsync(SelectedManifest manifest, OciDescriptor[] path, Chosen chosen, CancellationToken cancellationToken)
    {
        string suffix = chosen.IsMany && manifest.Platform is { } platform ? $" for {platform}" : string.Empty;
        await BlobAsync(manifest.Document!.Config!, "configuration" + suffix, path, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<OciDescriptor> layers = manifest.Document.Layers!;
        for (int i = 0; i < layers.Count; i++)
        {
            if (MediaTypes.IsForeignLayer(layers[i].MediaType))
            {
                // Its license forbids it; who receives the image takes it from where its descriptor says.
                leavesForeign = true;
                continue;
            }

            await BlobAsync(layers[i], $"layer {i + 1} of {layers.Count}{suffix}", path, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task BlobAsync(OciDescriptor blob, string label, OciDescriptor[] path, CancellationToken cancellationToken)
    {
        if (blobs.ContainsKey(blob.Digest))
        {
            return;
        }

        Info? info = await FindAsync(blob, cancellationToken).ConfigureAwait(false);
        if (info is not null && info.Size != blob.Size)
        {
            throw new ContainerdException(
                ContainerdErrorCode.DataLoss,
                $"The {label} {blob.Digest} of '{request.Image.Name}' cannot be {request.Where}: it has {info.Size} bytes in the content store, and not {blob.Size} as its manifest says. The image is broken; receive or import it again.") { Reason = "WrongSize" };
        }

        // Registries want what a manifest names to be there before it, so what it came from has its parts too.
        var labels = new List<IDictionary<string, string>> { info?.Labels ?? new() };
        foreach (OciDescriptor owner in Enumerable.Reverse(path))
        {
            labels.Add((await FindAsync(owner, cancellationToken).ConfigureAwait(false))?.Labels ?? new());
        }

        blobs[blob.Digest] = new PushPart(blob, label) { Source = DistributionSource.CandidateFor(request.Reference, labels) };
    }

    private async Task<Info?> FindAsync(OciDescriptor blob, CancellationToken cancellationToken)
    {
        if (!infos.TryGetValue(blob.Digest, out Info? info))
        {
            infos[blob.Digest] = info = await client.Content.FindAsync(blob.Digest, cancellationToken).ConfigureAwait(false);
        }

        return info;
    }

    /// <summary>What was chosen of an image.</summary>
    /// <param name="Manifests">The manifests, by their digests.</param>
    /// <param name="IsMany">Whether there are images for several platforms among them.</param>
    private sealed record Chosen(IReadOnlyDictionary<string, SelectedManifest> Manifests, bool IsMany);
}
