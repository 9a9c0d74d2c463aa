using System.IO.Compression;
using System.Text;
using ContainerdPS.Images.Archives.Tar;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;

namespace ContainerdPS.Tests.Images;

/// <summary>Puts an OCI layout together blob by blob, also one that no tool would write.</summary>
internal sealed class LayoutBuilder
{
    private readonly List<OciDescriptor> _targets = [];

    public SortedDictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal)
    {
        ["oci-layout"] = """{"imageLayoutVersion":"1.0.0"}"""u8.ToArray(),
    };

    /// <summary>A tar of one file.</summary>
    public static byte[] Layer(string name, string content)
    {
        using MemoryStream tar = new();
        byte[] bytes = Encoding.UTF8.GetBytes(content);
        TarStreamWriter writer = new(tar);
        writer.WriteAsync(new TarEntry { Name = name, Kind = TarEntryKind.File, Size = bytes.Length, Mode = 0x1A4 }, new MemoryStream(bytes), default).GetAwaiter().GetResult();
        writer.CompleteAsync(default).GetAwaiter().GetResult();
        return tar.ToArray();
    }

    public static byte[] Gzip(byte[] content)
    {
        using MemoryStream target = new();
        using (GZipStream gzip = new(target, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return target.ToArray();
    }

    public static string PathOf(string digest) => "blobs/" + digest.Replace(':', '/');

    public OciDescriptor Blob(string mediaType, byte[] content)
    {
        OciDescriptor blob = new() { MediaType = mediaType, Digest = Digest.Compute(content).ToString(), Size = content.Length };
        Files[PathOf(blob.Digest)] = content;
        return blob;
    }

    /// <summary>A manifest with its config and one layer per text.</summary>
    public OciDescriptor Image(string architecture, params string[] layers)
    {
        List<OciDescriptor> descriptors = [];
        List<string> diffIds = [];
        foreach (string layer in layers)
        {
            byte[] tar = Layer("file", layer);
            diffIds.Add(Digest.Compute(tar).ToString());
            descriptors.Add(Blob(MediaTypes.OciLayerGzip, Gzip(tar)));
        }

        ImageDocument document = new() { Architecture = architecture, Os = "linux", RootFs = new ImageRootFs { DiffIds = diffIds } };
        OciDescriptor config = Blob(MediaTypes.OciConfig, ImageJson.Serialize(document));
        return Manifest(config, [.. descriptors]) with { Platform = new OciPlatform { Os = "linux", Architecture = architecture } };
    }

    public OciDescriptor Manifest(OciDescriptor config, params OciDescriptor[] layers) =>
        Blob(MediaTypes.OciManifest, ImageJson.Serialize(new ImageManifest { MediaType = MediaTypes.OciManifest, Config = config, Layers = layers }));

    public OciDescriptor Index(params OciDescriptor[] manifests) =>
        Blob(MediaTypes.OciIndex, ImageJson.Serialize(new ImageIndex { MediaType = MediaTypes.OciIndex, Manifests = manifests }));

    /// <summary>Lists an image in the layout's index.</summary>
    public LayoutBuilder Add(OciDescriptor target, params (string Key, string Value)[] annotations)
    {
        _targets.Add(target with { Annotations = annotations.Length == 0 ? null : annotations.ToDictionary(pair => pair.Key, pair => pair.Value) });
        Files["index.json"] = ImageJson.Serialize(new ImageIndex { Manifests = _targets });
        return this;
    }

    public LayoutBuilder WriteTo(string folder)
    {
        foreach ((string name, byte[] content) in Files)
        {
            string path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, content);
        }

        return this;
    }

    /// <summary>The layout as a tar, in the order of the names or against it.</summary>
    public byte[] Tar(bool backwards = false)
    {
        RawTar tar = new();
        foreach ((string name, byte[] content) in backwards ? Files.Reverse() : Files)
        {
            tar.File(name, content);
        }

        return tar.End();
    }
}
