using System.Runtime.Versioning;
using ContainerdPS.Native;
using ContainerdPS.TaskIO;
using Xunit;

namespace ContainerdPS.Tests.TaskIO;

public sealed class FifoSetTests : FifoFixture
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    [LinuxFact]
    [UnsupportedOSPlatform("windows")]
    public async Task MakesFifosForTheOwnerAloneInAFreshDirectory()
    {
        await Task.Yield();
        using FifoSet first = Make(stdin: true);
        using FifoSet second = Make(stdin: true);
        string directory = Path.GetDirectoryName(first.Stdin)!;
        Assert.Equal(Root, Path.GetDirectoryName(directory));
        Assert.NotEqual(directory, Path.GetDirectoryName(second.Stdin));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(directory));
        Assert.Equal(
            ["p1-stderr", "p1-stdin", "p1-stdout"],
            Directory.EnumerateFileSystemEntries(directory).Select(Path.GetFileName).Order());
        foreach (string path in new[] { first.Stdin!, first.Stdout!, first.Stderr! })
        {
            Assert.True(FileTypes.IsFifo(path));
            Assert.Equal(OwnerOnly, File.GetUnixFileMode(path));
        }
    }

    [LinuxFact]
    public async Task ATerminalHasNoStandardError()
    {
        await Task.Yield();
        using FifoSet fifos = Make(stdin: false, terminal: true);
        Assert.Null(fifos.Stderr);
        Assert.Null(fifos.Stdin);
        Assert.Equal([fifos.Stdout!], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(fifos.Stdout)!));
    }

    [LinuxFact]
    public async Task DisposingRemovesFifosAndDirectory()
    {
        await Task.Yield();
        FifoSet fifos = Make(stdin: true);
        fifos.Dispose();
        fifos.Dispose();
        Assert.Empty(Directory.EnumerateFileSystemEntries(Root));
    }

    [LinuxFact]
    public async Task DisposingLeavesWhatIsNotAFifoOfIts()
    {
        await Task.Yield();
        FifoSet fifos = Make(stdin: true);
        string directory = Path.GetDirectoryName(fifos.Stdout)!;
        string foreign = Path.Combine(directory, "foreign");
        string elsewhere = Path.Combine(Root, "elsewhere");
        File.WriteAllText(foreign, "keep");
        Assert.Equal(0, Fifo.Make(elsewhere));
        File.Delete(fifos.Stdout!);
        File.WriteAllText(fifos.Stdout!, "not a fifo any more");
        File.Delete(fifos.Stderr!);
        File.CreateSymbolicLink(fifos.Stderr!, elsewhere);
        fifos.Dispose();
        Assert.False(File.Exists(fifos.Stdin));
        Assert.Equal("keep", File.ReadAllText(foreign));
        Assert.Equal("not a fifo any more", File.ReadAllText(fifos.Stdout!));
        Assert.Equal(elsewhere, new FileInfo(fifos.Stderr!).LinkTarget);
        Assert.True(FileTypes.IsFifo(elsewhere));
    }

    [LinuxFact]
    public async Task AHalfMadeSetLeavesNothing()
    {
        await Task.Yield();
        // ID-stdin is as long as a file name may be, ID-stdout is one too long.
        string id = new('a', 255 - "-stdin".Length);
        ContainerdException error = Assert.Throws<ContainerdException>(() => Make(stdin: true, id: id));
        Assert.Equal(ContainerdErrorCode.InvalidArgument, error.Code);
        Assert.Contains("-stdout", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Root));
    }

    [LinuxFact]
    public async Task ARootThatCannotBeMadeIsNamed()
    {
        await Task.Yield();
        string file = Path.Combine(Root, "file");
        File.WriteAllText(file, string.Empty);
        string root = Path.Combine(file, "fifo");
        ContainerdException error = Assert.Throws<ContainerdException>(() => FifoSet.Create("p1", stdin: false, terminal: false, root));
        Assert.Contains($"'{root}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("choose another directory", error.Message, StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task ARootThatMayNotBeWrittenIsNamed()
    {
        await Task.Yield();
        // Not even root may make a directory there.
        const string root = "/proc/sys";
        ContainerdException error = Assert.Throws<ContainerdException>(() => FifoSet.Create("p1", stdin: false, terminal: false, root));
        Assert.Contains($"'{root}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("choose another directory", error.Message, StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task AnIdThatIsAPathIsRefused()
    {
        await Task.Yield();
        ContainerdException error = Assert.Throws<ContainerdException>(() => Make(id: "../p1"));
        Assert.Equal(ContainerdErrorCode.InvalidArgument, error.Code);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Root));
    }

    [LinuxFact]
    public async Task AnExistingSetIsRemovedOnlyOnDemand()
    {
        await Task.Yield();
        using FifoSet made = Make();
        FifoSet existing = FifoSet.Existing(string.Empty, made.Stdout!, made.Stderr!, terminal: false);
        existing.Dispose();
        Assert.True(FileTypes.IsFifo(made.Stdout!));
        existing.Remove();
        Assert.Empty(Directory.EnumerateFileSystemEntries(Root));
    }

    [LinuxFact]
    public async Task AnExistingSetWithoutFifosRemovesNothing()
    {
        await Task.Yield();
        string directory = Directory.CreateDirectory(Path.Combine(Root, "empty")).FullName;
        FifoSet.Existing(string.Empty, Path.Combine(directory, "gone"), string.Empty, terminal: false).Remove();
        Assert.True(Directory.Exists(directory));
    }
}
