using ContainerdPS.Services;
using ContainerdPS.Wire.TransferTypes;
using Google.Protobuf.WellKnownTypes;

namespace ContainerdPS.Images.Progress;

/// <summary>Follows what the daemon says of a transfer that it runs, and notices when it has nothing more to say.</summary>
internal sealed class DaemonProgress(ImageProgress progress)
{
    private long lastWord = Environment.TickCount64;
    private long farthest;

    /// <summary>The most bytes that were there at any time: a later try has made progress when it comes farther.</summary>
    public long Farthest => Volatile.Read(ref farthest);

    /// <summary>Reads the stream to its end.</summary>
    public async Task FollowAsync(DaemonStream stream, CancellationToken cancellationToken)
    {
        while (await stream.ReadAsync(cancellationToken).ConfigureAwait(false) is { } any)
        {
            Take(any);
        }
    }

    /// <summary>Ends when nothing has come over the network for too long, though something should.</summary>
    public async Task StallAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        while (limit <= TimeSpan.Zero || !IsWaiting || Environment.TickCount64 - Volatile.Read(ref lastWord) < limit.TotalMilliseconds)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A daemon that unpacks may be silent for long; one that receives or sends may not.</summary>
    private bool IsWaiting
    {
        get
        {
            IReadOnlyList<PartProgress> parts = progress.Parts;
            return parts.Count == 0 || parts.Any(static part => !part.IsTransferred);
        }
    }

    private void Take(Any any)
    {
        if (PackedAny.As<Wire.TransferTypes.Progress>(any) is not { } word)
        {
            return;
        }

        Volatile.Write(ref lastWord, Environment.TickCount64);
        int digest = word.Name.IndexOf("-sha", StringComparison.Ordinal);
        if (digest < 0)
        {
            // About the image as a whole.
            progress.Stage = word.Event.Length > 0 && word.Name.Length > 0 ? word.Event : progress.Stage;
            return;
        }

        PartProgress part = progress.Part(word.Name[(digest + 1)..], word.Name[..digest], word.Total);
        switch (word.Event)
        {
            case "waiting":
                part.Report(0, PartState.Waiting);
                break;
            case "downloading":
                part.Report(word.Progress_, PartState.Downloading);
                break;
            case "uploading":
                part.Report(word.Progress_, PartState.Uploading);
                break;
            case "already exists":
                part.Complete(PartState.Present);
                break;
            case "extracting":
                part.Complete(PartState.Unpacking);
                break;
            case "extracted":
                part.Complete(PartState.Unpacked);
                break;
            case "complete":
                part.Complete(PartState.Transferred);
                break;
            default:
                break;
        }

        Volatile.Write(ref farthest, Math.Max(Farthest, progress.Sum.Done));
    }
}
