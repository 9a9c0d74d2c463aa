namespace ContainerdPS.Images.Progress;

/// <summary>How far one blob of an image is. Set from any thread, read from any other.</summary>
internal sealed class PartProgress(string digest, string label, long total)
{
    private long done;
    private int state;

    public string Digest => digest;

    /// <summary>What it is, such as <c>layer 2 of 5</c>.</summary>
    public string Label => label;

    public long Total => total;

    public long Done => Math.Min(Volatile.Read(ref done), total);

    public PartState State => (PartState)Volatile.Read(ref state);

    public bool IsTransferred => State is not (PartState.Waiting or PartState.Downloading or PartState.Uploading or PartState.Writing);

    /// <summary>So many bytes are there.</summary>
    public void Report(long bytes, PartState now)
    {
        Volatile.Write(ref done, bytes);
        Volatile.Write(ref state, (int)now);
    }

    /// <summary>All of it is there.</summary>
    public void Complete(PartState now) => Report(total, now);

    public override string ToString() => $"{label}: {State}";
}
