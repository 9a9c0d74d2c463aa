using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace ContainerdPS.Oci.Image;

/// <summary>The name of a blob: a hash algorithm (sha256, sha512) and the hash in lower-case hexadecimal.</summary>
/// <param name="Algorithm">Name of the algorithm.</param>
/// <param name="Hex">The hash, 64 or 128 digits.</param>
internal readonly record struct Digest(string Algorithm, string Hex)
{
    private const int CopyBufferSize = 128 * 1024;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>Reads <c>ALGORITHM:HEX</c>.</summary>
    /// <exception cref="ContainerdException">The text is no digest, or of an algorithm nobody supports.</exception>
    public static Digest Parse(string text)
    {
        string? error = Check(text, out Digest digest);
        return error is null ? digest : throw new ContainerdException(ContainerdErrorCode.InvalidArgument, error);
    }

    public static bool TryParse([NotNullWhen(true)] string? text, out Digest digest) => Check(text, out digest) is null;

    /// <summary>Whether the text is a well-formed digest.</summary>
    public static bool IsValid([NotNullWhen(true)] string? text) => TryParse(text, out _);

    /// <summary>The sha256 digest of some bytes.</summary>
    public static Digest Compute(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return new Digest("sha256", Convert.ToHexString(hash).ToLowerInvariant());
    }

    /// <summary>The digest of a stream from where it stands to its end.</summary>
    public static async Task<Digest> ComputeAsync(Stream content, CancellationToken cancellationToken, string algorithm = "sha256")
    {
        using IncrementalHash hash = CreateHash(algorithm);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(CopyBufferSize);
        try
        {
            int read;
            while ((read = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                hash.AppendData(buffer, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return FromHash(hash, algorithm);
    }

    /// <summary>A hash to feed a blob of this algorithm to, piece by piece.</summary>
    public IncrementalHash CreateHash() => CreateHash(Algorithm);

    /// <inheritdoc cref="CreateHash()"/>
    public static IncrementalHash CreateHash(string algorithm) => algorithm switch
    {
        "sha256" => IncrementalHash.CreateHash(HashAlgorithmName.SHA256),
        "sha512" => IncrementalHash.CreateHash(HashAlgorithmName.SHA512),
        _ => throw new ContainerdException(
            ContainerdErrorCode.InvalidArgument,
            $"The digest algorithm '{algorithm}' is not supported; sha256 and sha512 are."),
    };

    /// <summary>The digest of what a hash was fed; the hash starts anew.</summary>
    public static Digest FromHash(IncrementalHash hash, string algorithm = "sha256") =>
        new(algorithm, Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant());

    /// <summary>Whether some bytes have this digest.</summary>
    public bool Matches(ReadOnlySpan<byte> content)
    {
        using IncrementalHash hash = CreateHash();
        hash.AppendData(content);
        return FromHash(hash, Algorithm) == this;
    }

    /// <summary>The digest as <c>ALGORITHM:HEX</c>.</summary>
    public override string ToString() => $"{Algorithm}:{Hex}";

    private static string? Check(string? text, out Digest digest)
    {
        digest = default;
        int colon = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        if (text is null || colon <= 0)
        {
            return $"'{text}' is not a digest; a digest looks like sha256:, followed by 64 hexadecimal digits.";
        }

        string algorithm = text[..colon];
        int length = algorithm switch { "sha256" => 64, "sha512" => 128, _ => 0 };
        if (length == 0)
        {
            return $"The digest '{text}' is of the algorithm '{algorithm}', which is not supported; sha256 and sha512 are.";
        }

        string hex = text[(colon + 1)..];
        if (hex.Length != length || hex.AsSpan().ContainsAnyExcept(HexDigits))
        {
            return $"The digest '{text}' is not valid: {algorithm} needs {length} hexadecimal digits in lower case after the colon.";
        }

        digest = new Digest(algorithm, hex);
        return null;
    }
}
