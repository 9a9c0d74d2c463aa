namespace ContainerdPS.Tests.Oci;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cps-oci-");

    public string FullName => _folder.FullName;

    public string Add(string relative, string? text = null)
    {
        string path = Path.Combine(FullName, relative);
        if (text is null)
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        return path;
    }

    public void Link(string relative, string target)
    {
        string path = Path.Combine(FullName, relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.CreateSymbolicLink(path, target);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
