using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using ContainerdPS.Images.Archives.Streams;

namespace ContainerdPS.Images.Archives.RootFileSystem;

/// <summary>The config and the manifest around the one layer of a root filesystem.</summary>
internal static class RootFileSystemImage
{
    private const string DefaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>Writes config and manifest for a layer the sink has.</summary>
    public static async Task<ImportedImage> WriteAsync(BlobDescriptor layer, string diffId, string source, IBlobSink sink, RootFileSystemOptions options, CancellationToken cancellationToken)
    {
        (string architecture, string? variant) = options.Architecture is { } given ? (given, options.Variant) : HostArchitecture();
        BlobDescriptor config = await WriteJsonAsync(ImageMediaType.OciConfig, json => WriteConfig(json, diffId, source, architecture, variant, options), sink, cancellationToken).ConfigureAwait(false);
        BlobDescriptor manifest = await WriteJsonAsync(ImageMediaType.OciManifest, json => WriteManifest(json, config, layer), sink, cancellationToken).ConfigureAwait(false);
        await sink.SetLabelsAsync(manifest.Digest, GcLabels.ForManifest(config.Digest, [layer.Digest]), cancellationToken).ConfigureAwait(false);
        string platform = variant is null ? $"linux/{architecture}" : $"linux/{architecture}/{variant}";
        return new ImportedImage(options.Name, Tag: null, manifest, [new ImportedPlatform(platform, manifest, [])]);
    }

    /// <summary>This machine's processor as images name it.</summary>
    internal static (string Architecture, string? Variant) HostArchitecture() => RuntimeInformation.OSArchitecture switch
    {
        Architecture.X64 => ("amd64", null),
        Architecture.X86 => ("386", null),
        Architecture.Arm64 => ("arm64", "v8"),
        Architecture.Arm => ("arm", "v7"),
        Architecture.Armv6 => ("arm", "v6"),
        Architecture.S390x => ("s390x", null),
        Architecture.Ppc64le => ("ppc64le", null),
        Architecture.LoongArch64 => ("loong64", null),
        Architecture other => (other.ToString().ToLowerInvariant(), null),
    };

    /// <summary>Writes a JSON document as a blob.</summary>
    internal static async Task<BlobDescriptor> WriteJsonAsync(string mediaType, Action<Utf8JsonWriter> write, IBlobSink sink, CancellationToken cancellationToken)
    {
        using MemoryStream content = new();
        using (Utf8JsonWriter json = new(content))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        content.Position = 0;
        BlobDescriptor blob = new(mediaType, $"sha256:{Hex.Lower(SHA256.HashData(content.GetBuffer().AsSpan(0, (int)content.Length)))}", content.Length);
        await sink.WriteAsync(blob, content, cancellationToken).ConfigureAwait(false);
        return blob;
    }

    /// <summary>Writes the body of a manifest: the same for OCI's and Docker's but for the media types.</summary>
    internal static void WriteManifest(Utf8JsonWriter json, string mediaType, BlobDescriptor config, IReadOnlyList<BlobDescriptor> layers)
    {
        json.WriteNumber("schemaVersion", 2);
        json.WriteString("mediaType", mediaType);
        json.WriteStartObject("config");
        WriteDescriptor(json, config);
        json.WriteEndObject();
        json.WriteStartArray("layers");
        foreach (BlobDescriptor layer in layers)
        {
            json.WriteStartObject();
            WriteDescriptor(json, layer);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteManifest(Utf8JsonWriter json, BlobDescriptor config, BlobDescriptor layer) =>
        WriteManifest(json, ImageMediaType.OciManifest, config, [layer]);

    private static void WriteDescriptor(Utf8JsonWriter json, BlobDescriptor blob)
    {
        json.WriteString("mediaType", blob.MediaType);
        json.WriteString("digest", blob.Digest);
        json.WriteNumber("size", blob.Size);
    }

    private static void WriteConfig(Utf8JsonWriter json, string diffId, string source, string architecture, string? variant, RootFileSystemOptions options)
    {
        string created = (options.Created ?? DateTimeOffset.UtcNow).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        json.WriteString("created", created);
        json.WriteString("architecture", architecture);
        WriteText(json, "variant", variant);
        json.WriteString("os", "linux");
        json.WriteStartObject("config");
        WriteText(json, "User", options.User);
        WriteSet(json, "ExposedPorts", options.ExposedPorts);
        bool hasPath = options.Environment.Any(static variable => variable.StartsWith("PATH=", StringComparison.Ordinal));
        WriteList(json, "Env", hasPath ? options.Environment : [DefaultPath, .. options.Environment]);
        WriteList(json, "Entrypoint", options.Entrypoint);
        WriteList(json, "Cmd", options.Command);
        WriteText(json, "WorkingDir", options.WorkingDirectory);
        WriteLabels(json, options.Labels);
        WriteText(json, "StopSignal", options.StopSignal);
        json.WriteEndObject();
        json.WriteStartObject("rootfs");
        json.WriteString("type", "layers");
        WriteList(json, "diff_ids", [diffId]);
        json.WriteEndObject();
        json.WriteStartArray("history");
        json.WriteStartObject();
        json.WriteString("created", created);
        json.WriteString("created_by", options.CreatedBy ?? $"import of the root filesystem {Path.GetFileName(Path.TrimEndingDirectorySeparator(source))}");
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            json.WriteString(name, value);
        }
    }

    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static void WriteSet(Utf8JsonWriter json, string name, IReadOnlyList<string> keys)
    {
        if (keys.Count == 0)
        {
            return;
        }

        json.WriteStartObject(name);
        foreach (string key in keys.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            json.WriteStartObject(key);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteLabels(Utf8JsonWriter json, IReadOnlyDictionary<string, string> labels)
    {
        if (labels.Count == 0)
        {
            return;
        }

        json.WriteStartObject("Labels");
        foreach (KeyValuePair<string, string> label in labels.OrderBy(static label => label.Key, StringComparer.Ordinal))
        {
            json.WriteString(label.Key, label.Value);
        }

        json.WriteEndObject();
    }
}
