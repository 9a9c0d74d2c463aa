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

    private FakeImage(JsonObject target) => Target = target;

    /// <summary>The descriptor of the manifest or index.</summary>
    public JsonObject Target { get; }

    /// <summary>What there is, by digest.</summary>
    public ConcurrentDictionary<string, byte[]> Blobs { get; } = [];

    /// <summary>The digests of the layers, lowest first.</summary>
    public List<string> Layers { get; } = [];

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
    public static FakeImage Make(string seed, int layers = 2, int size = 600_000, int lie = 0)
    {
        var image = new FakeImage([]);
        image.Fill(image.AddPlatform(seed, Architecture, layers, size, lie), Manifest);
        return image;
    }

    /// <summary>An image for several architectures.</summary>
    public static FakeImage MakeIndex(string seed, params string[] architectures)
    {
        var image = new FakeImage([]);
        var manifests = new JsonArray();
        foreach (string architecture in architectures)
        {
            JsonObject descriptor = image.Descriptor(Manifest, image.AddPlatform(seed + architecture, architecture, 1, 100_000, 0));
            descriptor["platform"] = new JsonObject { ["architecture"] = architecture, ["os"] = "linux" };
            manifests.Add(descriptor);
        }

        image.Fill(image.Add(new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = Index, ["manifests"] = manifests }), Index);
        return image;
    }

    private string AddPlatform(string seed, string architecture, int count, int size, int lie)
    {
        var layers = new JsonArray();
        var diffIds = new JsonArray();
        for (int i = 0; i < count; i++)
        {
            byte[] tar = Tar($"file-{i}", $"{seed}/{architecture}/{i}", size);
            string digest = Add(Gzip(tar));
            Layers.Add(digest);
            JsonObject layer = Descriptor(LayerType, digest);
            layer["size"] = Blobs[digest].Length + (i == 0 ? lie : 0);
            layers.Add(layer);
            diffIds.Add(DigestOf(tar));
        }

        string config = Add(new JsonObject
        {
            ["architecture"] = architecture,
            ["os"] = "linux",
            ["config"] = new JsonObject { ["Cmd"] = new JsonArray("true") },
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = diffIds },
        });
        return Add(new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = Manifest, ["config"] = Descriptor(Config, config), ["layers"] = layers });
    }

    private void Fill(string digest, string mediaType)
    {
        foreach ((string name, JsonNode? value) in Descriptor(mediaType, digest).ToArray())
        {
            Target[name] = value?.DeepClone();
        }
    }

    private string Add(JsonObject document) => Add(System.Text.Encoding.UTF8.GetBytes(document.ToJsonString()));

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
        new Random(BitConverter.ToInt32(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(seed)))).NextBytes(content);
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
