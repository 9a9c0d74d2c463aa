namespace ContainerdPS.Images.Archives;

/// <summary>A blob by its content: what it is, what it must hash to, and how long it is.</summary>
/// <param name="MediaType">The media type; <c>application/octet-stream</c> while nothing has named it yet.</param>
/// <param name="Digest">The digest, as <c>sha256:HEX</c>.</param>
/// <param name="Size">The size in bytes.</param>
internal sealed record BlobDescriptor(string MediaType, string Digest, long Size);
