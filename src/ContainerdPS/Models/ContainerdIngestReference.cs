namespace ContainerdPS;

/// <summary>
/// A write that has not ended as a command takes it: its reference, or an object that carries its session and namespace
/// along. Text and <see cref="ContainerdIngest"/> objects convert to it by themselves.
/// </summary>
public sealed class ContainerdIngestReference : ContainerdReference
{
    /// <summary>Refers to a write by its name.</summary>
    /// <param name="reference">The name.</param>
    public ContainerdIngestReference(string reference)
        : base(Given(reference), reference, null) => Reference = reference;

    /// <summary>Refers to a write that was read.</summary>
    /// <param name="ingest">The write.</param>
    public ContainerdIngestReference(ContainerdIngest ingest)
        : base(Given(ingest).Reference, ingest, ingest) => Reference = ingest.Reference;

    /// <summary>The name the write goes on under.</summary>
    public string Reference { get; }
}
