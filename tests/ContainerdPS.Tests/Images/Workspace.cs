using System.Diagnostics;
using Xunit;

namespace ContainerdPS.Tests.Images;

/// <summary>A folder of its own for a test, with the temporary files of an import in a second one, and real tools to fill it.</summary>
internal sealed class Workspace : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("archives-").FullName;

    public Workspace() => Directory.CreateDirectory(Temporary);

    /// <summary>Where an import may put temporary files; has to be empty afterwards.</summary>
    public string Temporary => Path("temporary");

    public string Path(string name) => System.IO.Path.Combine(_root, name);

    public string Write(string name, byte[] content)
    {
        string path = Path(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    public string Write(string name, string content) => Write(name, System.Text.Encoding.UTF8.GetBytes(content));

    /// <summary>Runs a shell command in the folder.</summary>
    public string Run(string command)
    {
        ProcessStartInfo start = new("/bin/sh", ["-ec", command]) { WorkingDirectory = _root, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{command}: {errors.Result}");
        return output;
    }

    public void AssertNothingLeft() => Assert.Empty(Directory.EnumerateFileSystemEntries(Temporary));

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
