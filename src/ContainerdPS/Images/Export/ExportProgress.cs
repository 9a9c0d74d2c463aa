namespace ContainerdPS.Images.Export;

/// <summary>How far an export is. It is written by the export and may be read from any thread.</summary>
internal sealed class ExportProgress
{
    private long written;

    /// <summary>The bytes of all blobs to write; 0 until that is known.</summary>
    public long Total { get; set; }

    /// <summary>The bytes of blobs written so far.</summary>
    public long Written => Interlocked.Read(ref written);

    public void Add(int bytes) => Interlocked.Add(ref written, bytes);
}
