using System.IO.Compression;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using ContainerdPS.Images.Archives;
using ContainerdPS.Images.Archives.RootFileSystem;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using Xunit;

namespace ContainerdPS.Tests.Images;

public sealed partial class RootFileSystemTests : IDisposable
{
    private const string LongName = "a/very/long/path/that/does/not/fit/into/the/hundred/bytes/of/a/header/and/needs/a/record/of/its/own/äöü.txt";

    private readonly Workspace _workspace = new();
    private readonly MemoryBlobSink _sink = new();

    public void Dispose() => _workspace.Dispose();

    private RootFileSystemOptions Options => new() { TemporaryFolder = _workspace.Temporary, Created = DateTimeOffset.UnixEpoch.AddDays(1) };

    [Fact]
    public async Task AFolderOfBusyboxBecomesALayerThatTarUnpacksToTheSame()
    {
        MakeBusybox();
        _workspace.Write("root/" + LongName, "long");
        _workspace.Run("chmod 4711 root/bin/busybox; chmod 1777 root/tmp; ln root/bin/busybox root/bin/zcat; ln -s /etc/passwd root/link; ln -s ../../../outside root/out; mkfifo root/pipe; touch -d 2001-02-03T04:05:06Z root/etc/passwd; : > root/empty");
        ImportedImage image = await RootFileSystemImporter.ReadFolderAsync(_workspace.Path("root"), _sink, Options, default);

        string list = Unpack(image, "unpacked");
        _workspace.Run("diff -r --no-dereference --exclude=pipe root unpacked");
        foreach (string folder in new[] { "root", "unpacked" })
        {
            Assert.Equal("4711 2 regular file", _workspace.Run($"stat -c '%a %h %F' {folder}/bin/busybox").Trim());
        }

        Assert.Equal(_workspace.Run("stat -c %a:%Y:%u:%g root/etc/passwd root/tmp"), _workspace.Run("stat -c %a:%Y:%u:%g unpacked/etc/passwd unpacked/tmp"));
        Assert.Equal(_workspace.Run("stat -c %i unpacked/bin/busybox"), _workspace.Run("stat -c %i unpacked/bin/zcat"));
        Assert.Equal("fifo", _workspace.Run("stat -c %F unpacked/pipe").Trim());
        Assert.Equal("../../../outside", _workspace.Run("readlink unpacked/out").Trim());
        string[] names = list.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(names.Order(StringComparer.Ordinal).Where(name => !name.Contains('/', StringComparison.Ordinal)), names.Where(name => !name.Contains('/', StringComparison.Ordinal)));
        _workspace.AssertNothingLeft();
    }

    [Fact]
    public async Task TheSameFolderMakesTheSameImageAndTheConfigSaysWhatWasAsked()
    {
        MakeBusybox();
        _workspace.Write("root/" + LongName, "long");
        RootFileSystemOptions options = Options with
        {
            Name = "docker.io/library/busybox:test",
            ModifiedTime = DateTimeOffset.FromUnixTimeSeconds(1_000_000_000),
            Platform = new OciPlatform { Os = "linux", Architecture = "aarch64", Variant = "v8" },
            Command = ["sh", "-c", "true"],
            Entrypoint = ["/bin/busybox"],
            Environment = ["A=b"],
            WorkingDirectory = "/tmp",
            User = "1000:1000",
            Labels = new Dictionary<string, string> { ["z"] = "1", ["a"] = "2" },
            StopSignal = "SIGINT",
            ExposedPorts = ["80/tcp"],
        };
        ImportedImage first = await RootFileSystemImporter.ReadFolderAsync(_workspace.Path("root"), _sink, options, default);
        _workspace.Run("cp -r root other; touch other/*");
        ImportedImage second = await RootFileSystemImporter.ReadFolderAsync(_workspace.Path("other"), _sink, options with { CreatedBy = "import of the root filesystem root" }, default);
        Assert.Equal(first.Target.Digest, second.Target.Digest);
        Assert.Equal("docker.io/library/busybox:test", first.Name);

        ImageManifest manifest = ImageJson.ParseManifest(_sink.Blobs[first.Target.Digest]);
        ImageDocument document = ImageJson.ParseDocument(_sink.Blobs[manifest.Config!.Digest]);
        Assert.Equal("linux/arm64", document.Platform.ToString());
        Assert.Equal(["sh", "-c", "true"], document.Config!.Cmd);
        Assert.Equal(["/bin/busybox"], document.Config.Entrypoint);
        Assert.Equal(["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "A=b"], document.Config.Env);
        Assert.Equal("/tmp", document.Config.WorkingDir);
        Assert.Equal("1000:1000", document.Config.User);
        Assert.Equal("2", document.Config.Labels!["a"]);
        Assert.Equal("SIGINT", document.Config.StopSignal);
        Assert.Equal(["80/tcp"], document.Config.ExposedPorts);
        Assert.Equal("import of the root filesystem root", Assert.Single(document.History!).CreatedBy);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddDays(1), document.Created);
        byte[] tar = Gunzip(_sink.Blobs[manifest.Layers![0].Digest]);
        Assert.Equal([Digest.Compute(tar).ToString()], document.RootFs!.DiffIds);
        Assert.Equal(manifest.Layers[0].Digest, _sink.Labels[first.Target.Digest]["containerd.io/gc.ref.content.l.0"]);
        Assert.Equal(manifest.Config.Digest, _sink.Labels[first.Target.Digest]["containerd.io/gc.ref.content.config"]);
    }

    [Fact]
    public async Task SocketsAndDeletionMarksAreLeftOutAloud()
    {
        _workspace.Write("root/file", "x");
        _workspace.Write("root/.wh.gone", "x");
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_workspace.Path("root/socket")));
        List<string> notices = [];
        ImportedImage image = await RootFileSystemImporter.ReadFolderAsync(_workspace.Path("root"), _sink, Options with { Notice = notices.Add }, default);
        Assert.Equal("file\n", Unpack(image, "unpacked"));
        Assert.Equal(2, notices.Count);
        Assert.Contains(notices, notice => notice.Contains("'socket'", StringComparison.Ordinal));
        Assert.Contains(notices, notice => notice.Contains("'.wh.gone'", StringComparison.Ordinal));
    }

    [RootFact]
    public async Task DevicesOwnersAndExtendedAttributesAreKeptAsTheyAre()
    {
        _workspace.Write("root/file", "x");
        _workspace.Run("mknod root/null c 1 3; mknod root/loop b 7 9; chown 123456:3000000 root/file; ln -s file root/link; chown -h 7:8 root/link");
        byte[] value = [1, 0, 0xC3, 0x28, 0xFF, (byte)'\n'];
        Assert.Equal(0, SetAttribute(_workspace.Path("root/file"), "trusted.containerdps", value, (nuint)value.Length, 0));
        ImportedImage image = await RootFileSystemImporter.ReadFolderAsync(_workspace.Path("root"), _sink, Options, default);
        Unpack(image, "unpacked", "--xattrs --xattrs-include=*");
        Assert.Equal("1:3 character special file", _workspace.Run("stat -c '%t:%T %F' unpacked/null").Trim());
        Assert.Equal("7:9 block special file", _workspace.Run("stat -c '%t:%T %F' unpacked/loop").Trim());
        Assert.Equal("123456:3000000", _workspace.Run("stat -c %u:%g unpacked/file").Trim());
        Assert.Equal("7:8", _workspace.Run("stat -c %u:%g unpacked/link").Trim());
        Assert.Equal(value, ContainerdPS.Native.AttributeCalls.OfPath(_workspace.Path("unpacked/file")).Single(attribute => attribute.Key == "trusted.containerdps").Value);
    }

    [Theory]
    [InlineData("tar -cf x -C root .", true, "tar+gzip")]
    [InlineData("tar -czf x -C root .", false, "tar+gzip")]
    [InlineData("tar -cf - -C root . | zstd -q > x", false, "tar+zstd")]
    [InlineData("tar --format=gnu --sparse -cf x -C root .", true, "tar+gzip")]
    [InlineData("tar --format=posix --sparse -czf x -C root .", false, "tar+gzip")]
    public async Task ATarBecomesTheLayerAsItIs(string pack, bool isCompressed, string mediaType)
    {
        MakeBusybox();
        _workspace.Write("root/" + LongName, "long");
        _workspace.Run($"truncate -s 3M root/sparse; printf x >> root/sparse; {pack}");
        byte[] input = File.ReadAllBytes(_workspace.Path("x"));
        byte[] tar = mediaType.EndsWith("zstd", StringComparison.Ordinal) ? Encoding.Latin1.GetBytes(string.Empty) : isCompressed ? input : Gunzip(input);
        foreach (bool forwardOnly in new[] { true, false })
        {
            using Stream file = new MemoryStream(input);
            ImportedImage image = await RootFileSystemImporter.ReadTarAsync(forwardOnly ? new ForwardOnlyStream(file) : file, "x", _sink, Options, default);
            ImageManifest manifest = ImageJson.ParseManifest(_sink.Blobs[image.Target.Digest]);
            OciDescriptor layer = Assert.Single(manifest.Layers!);
            Assert.Equal("application/vnd.oci.image.layer.v1." + mediaType, layer.MediaType);
            byte[] blob = _sink.Blobs[layer.Digest];
            Assert.Equal(isCompressed ? tar : input, isCompressed ? Gunzip(blob) : blob);
            if (tar.Length > 0)
            {
                Assert.Equal([Digest.Compute(tar).ToString()], ImageJson.ParseDocument(_sink.Blobs[manifest.Config!.Digest]).RootFs!.DiffIds);
            }

            _workspace.AssertNothingLeft();
        }
    }

    [Fact]
    public async Task ATruncatedTarIsRefusedWhereverItEnds()
    {
        byte[] tar = new RawTar().File("a", new byte[1000]).File("b", new byte[10]).End();
        for (int cut = 0; cut <= tar.Length - 1024; cut += 256)
        {
            await RefusedAsync(tar[..cut]);
        }

        byte[] gzip = LayoutBuilder.Gzip(tar);
        for (int cut = 1; cut < gzip.Length; cut++)
        {
            await RefusedAsync(gzip[..^cut]);
        }

        await RefusedAsync([.. gzip, 1, 2, 3, 4]);
    }

    [Fact]
    public async Task SeveralGzipMembersInARowAreOneTar()
    {
        byte[] tar = new RawTar().File("a", new byte[1000]).End();
        byte[] members = [.. LayoutBuilder.Gzip(tar[..700]), .. LayoutBuilder.Gzip(tar[700..])];
        ImportedImage image = await RootFileSystemImporter.ReadTarAsync(new MemoryStream(members), "x", _sink, Options, default);
        ImageManifest manifest = ImageJson.ParseManifest(_sink.Blobs[image.Target.Digest]);
        Assert.Equal([Digest.Compute(tar).ToString()], ImageJson.ParseDocument(_sink.Blobs[manifest.Config!.Digest]).RootFs!.DiffIds);
    }

    [Fact]
    public async Task ATarThatIsNoFileSystemIsRefused()
    {
        Assert.Contains("outside the root", (await RefusedAsync(new RawTar().File("../x", "x").End())).Message, StringComparison.Ordinal);
        Assert.Contains("outside the root", (await RefusedAsync(new RawTar().File("/etc/x", "x").End())).Message, StringComparison.Ordinal);
        Assert.Contains("hard link", (await RefusedAsync(new RawTar().Link('1', "x", "../../etc/shadow").End())).Message, StringComparison.Ordinal);
        Assert.Contains("archive of images", (await RefusedAsync(new RawTar().File("oci-layout", "{}").End())).Message, StringComparison.Ordinal);
        string configuration = new string('a', 64) + ".json";
        Assert.Contains("archive of images", (await RefusedAsync(new RawTar().File(configuration, "{}").File("manifest.json", "[]").End())).Message, StringComparison.Ordinal);
        _workspace.Write("layout/manifest.json", "[]");
        Assert.False(ImageTraces.AreIn(_workspace.Path("layout")));
        _workspace.Write("layout/" + configuration, "{}");
        Assert.True(ImageTraces.AreIn(_workspace.Path("layout")));
        Assert.Contains("holds no entry", (await RefusedAsync(new RawTar().End())).Message, StringComparison.Ordinal);
        Assert.Contains("not a tar archive", (await RefusedAsync(Encoding.ASCII.GetBytes(new string('x', 2000)))).Message, StringComparison.Ordinal);
        Assert.Contains("extended header", (await RefusedAsync(new RawTar().Header("x", 'x', 5).Content("hello"u8.ToArray()).End())).Message, StringComparison.Ordinal);
        ContainerdException missing = await Assert.ThrowsAsync<ContainerdException>(() => RootFileSystemImporter.ReadFolderAsync(_workspace.Path("none"), _sink, Options, default));
        Assert.Equal(ContainerdErrorCode.NotFound, missing.Code);
    }

    private async Task<ContainerdException> RefusedAsync(byte[] tar)
    {
        ContainerdException? last = null;
        foreach (bool forwardOnly in new[] { true, false })
        {
            Stream stream = new MemoryStream(tar);
            last = await Assert.ThrowsAsync<ContainerdException>(() => RootFileSystemImporter.ReadTarAsync(forwardOnly ? new ForwardOnlyStream(stream) : stream, "x.tar", _sink, Options, default));
            Assert.Contains("x.tar", last.Message, StringComparison.Ordinal);
            Assert.Empty(_sink.Blobs);
            _workspace.AssertNothingLeft();
        }

        return last!;
    }

    private void MakeBusybox() => _workspace.Run("mkdir -p root/bin root/etc root/tmp; cp /bin/busybox root/bin/busybox; ln -s busybox root/bin/sh; echo root:x:0:0:root:/:/bin/sh > root/etc/passwd");

    private string Unpack(ImportedImage image, string folder, string options = "")
    {
        OciDescriptor layer = Assert.Single(ImageJson.ParseManifest(_sink.Blobs[image.Target.Digest]).Layers!);
        _workspace.Write("layer.tar.gz", _sink.Blobs[layer.Digest]);
        return _workspace.Run($"mkdir {folder}; tar -xpzf layer.tar.gz {options} -C {folder}; tar -tzf layer.tar.gz");
    }

    private static byte[] Gunzip(byte[] content)
    {
        using MemoryStream target = new();
        using GZipStream gzip = new(new MemoryStream(content), CompressionMode.Decompress);
        gzip.CopyTo(target);
        return target.ToArray();
    }

    [LibraryImport("libc", EntryPoint = "setxattr", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetAttribute(string path, string name, [In] byte[] value, nuint size, int flags);
}
