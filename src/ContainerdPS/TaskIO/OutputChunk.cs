namespace ContainerdPS.TaskIO;

/// <summary>Output as one read gave it, in a pooled buffer.</summary>
/// <param name="Buffer">The buffer; it may be longer than what it holds.</param>
/// <param name="Length">The number of bytes read.</param>
/// <param name="Order">Grows with every read of this process, so that two streams can be put in order.</param>
internal readonly record struct OutputChunk(byte[] Buffer, int Length, long Order)
{
    public ReadOnlyMemory<byte> Memory => Buffer.AsMemory(0, Length);
}
