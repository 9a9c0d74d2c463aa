using System.Runtime.CompilerServices;
using Xunit;

namespace ContainerdPS.Tests.House;

/// <summary>The rooms that may see PowerShell are few, and the others must stay without it.</summary>
public sealed class DirectionTests
{
    private static readonly string[] FrontRooms = ["Commands", "Pipeline", "Completion", "Transformation"];

    [Fact]
    public void OnlyTheFrontRoomsSeePowerShell()
    {
        string source = SourceFolder();
        string[] files = Directory.GetFiles(source, "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(source, path))
            .Where(static path => !path.StartsWith("obj", StringComparison.Ordinal) && !path.StartsWith("bin", StringComparison.Ordinal))
            .ToArray();
        Assert.True(files.Length > 100, $"Only {files.Length} files were found in {source}.");

        string[] seeing = files.Where(path => File.ReadAllText(Path.Combine(source, path)).Contains("System.Management.Automation", StringComparison.Ordinal)).ToArray();
        Assert.Contains(seeing, static path => path.StartsWith("Commands", StringComparison.Ordinal));
        Assert.DoesNotContain(seeing, static path => !FrontRooms.Contains(path.Split(Path.DirectorySeparatorChar)[0]));
    }

    private static string SourceFolder([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "src", "ContainerdPS"));
}
