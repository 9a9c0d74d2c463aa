using ContainerdPS.Images.Archives.Tar;
using Xunit;

namespace ContainerdPS.Tests.Images;

public sealed class TarStreamTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("gnu")]
    [InlineData("posix")]
    [InlineData("ustar")]
    [InlineData("oldgnu")]
    public async Task EveryDialectOfTarReadsTheSame(string dialect)
    {
        string deep = string.Join('/', Enumerable.Repeat("folder-with-a-name", 5));
        string far = dialect == "ustar" ? "short" : string.Join('/', Enumerable.Repeat("target", 30));
        _workspace.Write($"in/{deep}/file.txt", "content");
        _workspace.Write("in/zz", new string('z', 1500));
        _workspace.Run($"ln -s {far} in/link; tar --format={dialect} --sort=name --owner=70000 --group=80000 --numeric-owner -cf out.tar -C in .");
        foreach (bool forwardOnly in new[] { false, true })
        {
            using FileStream file = File.OpenRead(_workspace.Path("out.tar"));
            using TarStreamReader reader = new(forwardOnly ? new ForwardOnlyStream(file) : file, "out.tar");
            Dictionary<string, (TarEntry Entry, string Content)> entries = [];
            while (await reader.ReadNextAsync(default) is { } entry)
            {
                using StreamReader text = new(reader.Content);
                entries.Add(entry.Name, (entry, await text.ReadToEndAsync()));
            }

            Assert.True(reader.EndMarkSeen);
            Assert.Equal("content", entries[$"./{deep}/file.txt"].Content);
            Assert.Equal(1500, entries["./zz"].Content.Length);
            Assert.Equal(far, entries["./link"].Entry.LinkTarget);
            Assert.Equal(TarEntryKind.SymbolicLink, entries["./link"].Entry.Kind);
            Assert.Equal(70000, entries["./zz"].Entry.UserId);
            Assert.Equal(80000, entries["./zz"].Entry.GroupId);
            Assert.Equal(TarEntryKind.Directory, entries["./"].Entry.Kind);
        }
    }

    [Fact]
    public async Task NumbersThatFitNoOctalFieldAreWrittenAndRead()
    {
        TarEntry entry = new() { Name = "big", Kind = TarEntryKind.File, Size = 9L << 30, UserId = 4_000_000_000, GroupId = 3_000_000_000, ModifiedSeconds = 1L << 35 };
        using MemoryStream tar = new();
        await new TarStreamWriter(tar).WriteAsync(entry, content: null, default);
        using TarStreamReader reader = new(new ForwardOnlyStream(new MemoryStream(tar.ToArray())), "x");
        TarEntry read = (await reader.ReadNextAsync(default))!;
        Assert.Equal(9L << 30, read.Size);
        Assert.Equal(4_000_000_000, read.UserId);
        Assert.Equal(3_000_000_000, read.GroupId);

        using TarStreamReader gnu = new(new ForwardOnlyStream(new MemoryStream(new RawTar().Header("big", '0', 9L << 30).Bytes())), "x");
        Assert.Equal(9L << 30, (await gnu.ReadNextAsync(default))!.Size);
    }

    [Fact]
    public async Task ADamagedHeaderIsNoticed()
    {
        byte[] tar = new RawTar().File("a", "x").File("b", "y").End();
        tar[1024] ^= 1;
        using TarStreamReader reader = new(new MemoryStream(tar), "x.tar");
        await reader.ReadNextAsync(default);
        ContainerdException error = await Assert.ThrowsAsync<ContainerdException>(() => reader.ReadNextAsync(default));
        Assert.Equal(ContainerdErrorCode.DataLoss, error.Code);
        Assert.Contains("checksum", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheContentOfAnEntryEndsWithTheNextOne()
    {
        using TarStreamReader reader = new(new MemoryStream(new RawTar().File("a", "x").File("b", "y").End()), "x.tar");
        await reader.ReadNextAsync(default);
        Stream first = reader.Content;
        await reader.ReadNextAsync(default);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await first.ReadExactlyAsync(new byte[1]));
    }
}
