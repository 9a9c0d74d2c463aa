using System.Collections.Concurrent;
using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace FakeRegistry;

/// <summary>An image made up on the spot: every name has layers of its own, so that no test has another's.</summary>
public sealed class FakeImage
{
    private const string Manifest = "application/vnd.oci.image.manifest.v1+json";
    private const string Index = "application/vnd.oci.image.index.v1+json";
    private const string Config = "application/vnd.oci.image.config.v1+json";
    private const string LayerType = "application/vnd.oci.image.layer.v1.tar+gzip";

    private const int BombSize = 256 * 1024 * 1024;

    private FakeImage(JsonObject target) => Target = target;

    /// <summary>The descriptor of the manifest or index.</summary>
    public JsonObject Target { get; }

    /// <summary>What there is, by digest.</summary>
    public ConcurrentDictionary<string, byte[]> Blobs { get; } = [];

    /// <summary>The digests of the layers, lowest first.</summary>
    public List<string> Layers { get; } = [];

    /// <summary>The digest of the configuration, of the last platform where there are several.</summary>
    public string ConfigDigest { get; private set; } = string.Empty;

    public string Digest => (string)Target["digest"]!;

    public string MediaType => (string)Target["mediaType"]!;

    /// <summary>The architecture of this machine, as images name it.</summary>
    public static string Architecture => RuntimeInformation.OSArchitecture switch { System.Runtime.InteropServices.Architecture.Arm64 => "arm64", _ => "amd64" };

    public static string DigestOf(ReadOnlySpan<byte> content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>An image for this machine, of layers that compression makes no smaller.</summary>
    /// <param name="seed">What its content is made of.</param>
    /// <param name="layers">How many layers.</param>
    /// <param name="size">How many bytes each has.</param>
    /// <param name="lie">Added to the size that the manifest gives its first layer.</param>
    /// <param name="flaw">What is wrong with it.</param>
    public static FakeImage Make(string seed, int layers = 2, int size = 600_000, int lie = 0, ImageFlaw flaw = ImageFlaw.None)
    {
        var image = new FakeImage([]);
        image.Fill(image.AddPlatform(seed, Architecture, layers, size, lie, flaw), Manifest);
        return image;
    }

    /// <summary>An image for several architectures.</summary>
    public static FakeImage MakeIndex(string seed, params string[] architectures) => MakeIndex(seed, 0, architectures);

    /// <summary>An image for several architectures.</summary>
    /// <param name="seed">What its content is made of.</param>
    /// <param name="lie">Added to the size that the index gives its manifests.</param>
    /// <param name="architectures">The architectures.</param>
    public static FakeImage MakeIndex(string seed, int lie, params string[] architectures)
    {
        var image = new FakeImage([]);
        var manifests = new JsonArray();
        foreach (string architecture in architectures)
        {
            JsonObject descriptor = image.Descriptor(Manifest, image.AddPlatform(seed + architecture, architecture, 1, 100_000, 0, ImageFlaw.None));
            descriptor["size"] = (int)descriptor["size"]! + lie;
            descriptor["platform"] = new JsonObject { ["architecture"] = architecture, ["os"] = "linux" };
            manifests.Add(descriptor);
        }

        image.Fill(image.Add(new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = Index, ["manifests"] = manifests }), Index);
        return image;
    }

    private string AddPlatform(string seed, string architecture, int count, int size, int lie, ImageFlaw flaw)
    {
        var layers = new JsonArray();
        var diffIds = new JsonArray();
        for (int i = 0; i < count; i++)
        {
            (byte[] content, string diffId) = Layer(seed, $"{seed}/{architecture}/{i}", i, size, i == 0 ? flaw : ImageFlaw.None);
            string digest = Add(content);
            Layers.Add(digest);
            JsonObject layer = Descriptor(i == 0 && flaw == ImageFlaw.Encrypted ? LayerType + "+encrypted" : LayerType, digest);
            layer["size"] = content.Length + (i == 0 ? lie : 0);
            layers.Add(layer);
            diffIds.Add(diffId);
        }

        string config = flaw == ImageFlaw.NoConfig ? Add(Text($"no configuration of {seed}")) : Add(new JsonObject
        {
            ["architecture"] = architecture,
            ["os"] = "linux",
            ["config"] = new JsonObject { ["Cmd"] = new JsonArray("true") },
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = diffIds },
        });
        ConfigDigest = config;
        return flaw == ImageFlaw.NoManifest
            ? Add(Text($"no manifest of {seed}"))
            : Add(new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = Manifest, ["config"] = Descriptor(Config, config), ["layers"] = layers });
    }

    private static (byte[] Content, string DiffId) Layer(string seed, string own, int number, int size, ImageFlaw flaw)
    {
        byte[] tar = flaw == ImageFlaw.NoTar ? Text(string.Concat(Enumerable.Repeat($"no archive of {own}\n", 100))) : Tar($"file-{number}", own, size);
        return flaw switch
        {
            ImageFlaw.Cut => Cut(tar),
            ImageFlaw.Bomb => Bomb(seed),
            ImageFlaw.Encrypted => (Gzip(tar)[20..], DigestOf(tar)),
            ImageFlaw.OtherDiffId => (Gzip(tar), DigestOf(Text(own))),
            _ => (Gzip(tar), DigestOf(tar)),
        };
    }

    /// <summary>Compressed data that ends in the middle.</summary>
    private static (byte[] Content, string DiffId) Cut(byte[] tar)
    {
        byte[] whole = Gzip(tar);
        return (whole[..(whole.Length / 2)], DigestOf(tar));
    }

    /// <summary>A small layer that becomes a large one.</summary>
    private static (byte[] Content, string DiffId) Bomb(string seed)
    {
        using var target = new MemoryStream();
        using var hash = SHA256.Create();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
        using (var hashed = new CryptoStream(gzip, hash, CryptoStreamMode.Write))
        using (var writer = new TarWriter(hashed, TarEntryFormat.Pax))
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "seed") { DataStream = new MemoryStream(Text(seed)), ModificationTime = DateTimeOffset.UnixEpoch });
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "zeros") { DataStream = new MemoryStream(new byte[BombSize]), ModificationTime = DateTimeOffset.UnixEpoch });
        }

        return (target.ToArray(), "sha256:" + Convert.ToHexStringLower(hash.Hash!));
    }

    private static byte[] Text(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private void Fill(string digest, string mediaType)
    {
        foreach ((string name, JsonNode? value) in Descriptor(mediaType, digest).ToArray())
        {
            Target[name] = value?.DeepClone();
        }
    }

    private string Add(JsonObject document) => Add(Text(document.ToJsonString()));

    private string Add(byte[] content)
    {
        string digest = DigestOf(content);
        Blobs[digest] = content;
        return digest;
    }

    private JsonObject Descriptor(string mediaType, string digest) =>
        new() { ["mediaType"] = mediaType, ["digest"] = digest, ["size"] = Blobs[digest].Length };

    private static byte[] Tar(string name, string seed, int size)
    {
        byte[] content = new byte[size];
        new Random(BitConverter.ToInt32(SHA256.HashData(Text(seed)))).NextBytes(content);
        using var target = new MemoryStream();
        using (var writer = new TarWriter(target, TarEntryFormat.Pax, leaveOpen: true))
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content), ModificationTime = DateTimeOffset.UnixEpoch });
        }

        return target.ToArray();
    }

    private static byte[] Gzip(byte[] content)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return target.ToArray();
    }
}
