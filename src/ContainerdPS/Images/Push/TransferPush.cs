using System.Text.RegularExpressions;
using ContainerdPS.Images.Progress;
using ContainerdPS.Registry;
using ContainerdPS.Services;
using ContainerdPS.Wire.TransferTypes;

namespace ContainerdPS.Images.Push;

/// <summary>Sends an image by the daemon's Transfer service, which sends it as it is or not at all.</summary>
internal sealed partial class TransferPush(NamespaceClient client, PushRequest request, PushPlan plan, RegistryHosts hosts, RegistryWork work, ImageProgress progress)
{
    private readonly string registry = hosts.With(HostCapabilities.Push, request.Reference.Domain)[0].Authority;

    /// <summary>Why the daemon cannot send what is to be sent; null when it can.</summary>
    public static string? WhyNot(PushRequest request, PushPlan plan) =>
        !plan.IsWhole ? "the daemon's Transfer service sends an index only as it is"
        : plan.LeavesForeign ? "the daemon's Transfer service sends layers, too, that registries do not hold"
        : request.Reference.Digest is not null ? "the daemon's Transfer service takes no digest for a destination"
        : null;

    public Task RunAsync(CancellationToken cancellationToken)
    {
        var store = new ImageStore { Name = request.Image.Name };
        return new RegistryTransfer(client, hosts, work, progress).RunAsync(request.Name, destination => (store, destination), e => Task.FromResult(Translate(e)), cancellationToken);
    }

    /// <summary>Our error of the daemon's.</summary>
    private ContainerdException Translate(ContainerdException e)
    {
        string words = e.DaemonMessage ?? string.Empty;
        ContainerdException known = e.DaemonMessage is null ? e
            : KeptDigest().Match(words) is { Success: true } kept ? RegistryErrors.KeptWrong(registry, kept.Groups[1].Value, kept.Groups[2].Value)
            : Forgotten().IsMatch(words) ? new ContainerdException(ContainerdErrorCode.Unavailable, $"'{registry}' knows nothing of an upload that was begun.", e) { Reason = OwnWay.Unknown }
            : TransferFailures.Recognise(registry, words)
            ?? new ContainerdException(e.Code, $"The daemon says '{TransferFailures.Safe(words)}'.", e) { Reason = e.Reason ?? OwnWay.Unknown };
        return PartOf(words) is { } part ? PushErrors.OfPart(request, part, known) : PushErrors.OfImage(request, known);
    }

    /// <summary>What a failure is about: what its words name, or else what was on its way.</summary>
    private PushPart? PartOf(string words)
    {
        PushPart[] parts = [.. plan.Blobs, .. plan.Documents];
        return Array.Find(parts, part => words.Contains(part.Descriptor.Digest, StringComparison.Ordinal) || words.Contains(Uri.EscapeDataString(part.Descriptor.Digest), StringComparison.Ordinal))
            ?? (progress.Parts.FirstOrDefault(static one => one.State == PartState.Uploading) is { } underway ? Array.Find(parts, part => part.Descriptor.Digest == underway.Digest) : null);
    }

    /// <summary>A registry that knows nothing of an upload that was begun, by it or by where it redirected to: only our own way tells which.</summary>
    [GeneratedRegex("PUT request to \\S*/blobs/uploads/\\S*: 404")]
    private static partial Regex Forgotten();

    [GeneratedRegex("got digest ([a-z0-9]+:[0-9a-f]+), expected ([a-z0-9]+:[0-9a-f]+)")]
    private static partial Regex KeptDigest();
}
