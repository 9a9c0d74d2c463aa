using System.Reflection;

namespace HelpBuilder.Tests;

/// <summary>A temporary copy of the sample docs, and the tool run on it.</summary>
public sealed class DocsSandbox : IDisposable
{
    public DocsSandbox()
    {
        Docs = Path.Combine(Root, "docs");
        Output = Path.Combine(Root, "en-US");
        Facts = Path.Combine(Root, "cmdlets.json");
        Directory.CreateDirectory(Docs);
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Sample")))
        {
            var target = Path.GetExtension(file) == ".md" ? Path.Combine(Docs, Path.GetFileName(file)) : Facts;
            File.Copy(file, target);
        }
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("helpbuilder-").FullName;

    public string Docs { get; }

    public string Output { get; }

    public string Facts { get; }

    public string Page => Path.Combine(Docs, "Get-Sample.md");

    public string Topic => Path.Combine(Docs, "about_Samples.md");

    public static Assembly Assembly => typeof(GetSampleCommand).Assembly;

    public (int Code, IReadOnlyList<string> Problems) Build() => Run(Docs, Output);

    public (int Code, IReadOnlyList<string> Problems) Verify() => Run("--verify", Docs, Facts);

    public (int Code, IReadOnlyList<string> Problems) Update() => Run("--update", Docs, Facts);

    public (int Code, IReadOnlyList<string> Problems) New() => Run("--new", Docs, Facts);

    /// <summary>Replaces the first occurrence, which must exist.</summary>
    public static void Edit(string file, string old, string text)
    {
        var content = File.ReadAllText(file);
        var index = content.IndexOf(old, StringComparison.Ordinal);
        Assert.True(index >= 0, $"'{old}' is not in {file}.");
        File.WriteAllText(file, content[..index] + text + content[(index + old.Length)..]);
    }

    /// <summary>Line, from 1, in which a text starts.</summary>
    public static int LineOf(string file, string text)
    {
        var content = File.ReadAllText(file);
        var index = content.IndexOf(text, StringComparison.Ordinal);
        Assert.True(index >= 0, $"'{text}' is not in {file}.");
        return content.AsSpan(0, index).Count('\n') + 1;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static (int Code, IReadOnlyList<string> Problems) Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = Program.Run(args, output, error);
        return (code, error.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }
}
