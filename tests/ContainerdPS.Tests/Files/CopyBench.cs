using ContainerdPS.Files;
using ContainerdPS.Native;
using ContainerdPS.Tests.Images;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace ContainerdPS.Tests.Files;

/// <summary>A folder that plays a container's root, and beside it what must never be touched or read through it.</summary>
internal sealed class CopyBench : IDisposable
{
    public const string Canary = "canary: not of the container";

    private readonly Workspace workspace = new();

    public CopyBench(bool bySteps = false, IdMap? ids = null)
    {
        Directory.CreateDirectory(Inside(string.Empty));
        Directory.CreateDirectory(Outside(string.Empty));
        workspace.Write("canary/secret", Canary);
        SafeFileHandle folder = FolderCalls.OpenPath(Inside(string.Empty), followLast: true, out int error) ?? throw new IOException($"errno {error}");
        Root = FileRoot.OfContainer("web", folder, ids ?? IdMap.Same, ids ?? IdMap.Same, bySteps: bySteps);
    }

    public FileRoot Root { get; }

    public CopyRegister Register { get; private set; } = new();

    public string CanaryFolder => workspace.Path("canary");

    public string Inside(string path) => workspace.Path("root/" + path);

    public string Outside(string path) => workspace.Path("local/" + path);

    public string Run(string command) => workspace.Run(command);

    public CopyTally Out(string from, string to, CopyOptions? options = null, CancellationToken cancellationToken = default) =>
        Copy(Root, ItemPath.InContainer(from), FileRoot.Local, ItemPath.OnThisMachine(Outside(to), to), options, cancellationToken);

    public CopyTally In(string from, string to, CopyOptions? options = null, CancellationToken cancellationToken = default) =>
        Copy(FileRoot.Local, ItemPath.OnThisMachine(Outside(from), from), Root, ItemPath.InContainer(to), options, cancellationToken);

    public CopyTally Within(string from, string to, CopyOptions? options = null) =>
        Copy(Root, ItemPath.InContainer(from), Root, ItemPath.InContainer(to), options, default);

    /// <summary>Forgets what was copied, as the next command does.</summary>
    public void NextCommand() => Register = new CopyRegister();

    public void AssertCanaryUntouched()
    {
        Assert.Equal(Canary, File.ReadAllText(Path.Combine(CanaryFolder, "secret")));
        Assert.Equal([Path.Combine(CanaryFolder, "secret")], Directory.GetFileSystemEntries(CanaryFolder));
    }

    public void Dispose()
    {
        Root.Dispose();
        workspace.Run("chmod -R u+rwx .; rm -rf root local");
        workspace.Dispose();
    }

    private CopyTally Copy(FileRoot source, ItemPath from, FileRoot destination, ItemPath to, CopyOptions? options, CancellationToken cancellationToken)
    {
        var tally = new CopyTally();
        ItemCopy.Run(source, from, destination, to, options ?? new CopyOptions(), Register, tally, cancellationToken);
        return tally;
    }
}
