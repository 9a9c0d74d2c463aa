using System.Diagnostics;
using System.Management.Automation;

namespace EngineHost.Runner;

/// <summary>Discovers the files, runs them, tells and counts. Public for the script that runs the blocks.</summary>
public sealed class TestRun
{
    private readonly TestReport _report;
    private readonly Stopwatch _clock = new();
    private readonly List<ErrorRecord> _errors = [];
    private readonly List<TestBlock> _files = [];

    private TestRun(TestReport report) => _report = report;

    /// <summary>The files with something selected in them.</summary>
    public IEnumerable<TestBlock> Files => _files.Where(f => f.Selected);

    internal static int Start(ITestShell shell, TestOptions options)
    {
        var run = new TestRun(new TestReport(shell.UI));
        foreach (var file in Find(options.Paths.Count > 0 ? options.Paths : ["tests/Pester"]))
        {
            run.Discover(shell, file, options);
        }

        using var stream = typeof(TestRun).Assembly.GetManifestResourceStream("Run.ps1")!;
        using var reader = new StreamReader(stream);
        var completed = shell.RunScript(reader.ReadToEnd(), run);
        return run._report.Close(completed);
    }

    public void Enter(TestBlock block) => _report.Enter(block);

    public void Leave(TestBlock block) => _report.Leave();

    /// <summary>Starts a test, or tells that it is skipped.</summary>
    public bool Begin(TestCase test)
    {
        ArgumentNullException.ThrowIfNull(test);
        if (test.Skip)
        {
            _report.Skipped(test, "");
            return false;
        }

        _errors.Clear();
        _clock.Restart();
        return true;
    }

    public void Fail(TestCase test, ErrorRecord error) => _errors.Add(error);

    public void End(TestCase test)
    {
        var skip = _errors.Find(IsSkip);
        if (_errors.Count == 0)
        {
            _report.Passed(test, _clock.Elapsed);
        }
        else if (_errors.TrueForAll(IsSkip))
        {
            _report.Skipped(test, skip!.Exception.Message);
        }
        else
        {
            _report.Failed(test, _clock.Elapsed, _errors.Where(e => !IsSkip(e)));
        }
    }

    /// <summary>A BeforeAll failed: so did every test it was for; as in Pester, also those that would have been skipped.</summary>
    public void FailAll(TestBlock block, ErrorRecord error)
    {
        ArgumentNullException.ThrowIfNull(block);
        foreach (var test in block.Tests)
        {
            _report.Failed(test, TimeSpan.Zero, [error]);
        }
    }

    public void FailBlock(TestBlock block, ErrorRecord error)
    {
        ArgumentNullException.ThrowIfNull(block);
        _report.FailedOutside($"AfterAll of {block.FullName}", block.File, error);
    }

    private static bool IsSkip(ErrorRecord error) =>
        error.FullyQualifiedErrorId.Split(',')[0] == SetItResultCommand.SkippedId;

    private static IEnumerable<string> Find(IEnumerable<string> paths)
    {
        foreach (var path in paths.Select(Path.GetFullPath))
        {
            if (File.Exists(path))
            {
                yield return path;
            }
            else if (Directory.Exists(path))
            {
                foreach (var file in Directory.GetFiles(path, "*.Tests.ps1", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
                {
                    yield return file;
                }
            }
            else
            {
                throw new UsageException($"There is no test file or folder '{path}'.");
            }
        }
    }

    private void Discover(ITestShell shell, string file, TestOptions options)
    {
        ErrorRecord? failure = null;
        var found = Discovery.Discover(file, options, path => failure = shell.RunQuietly("param($path) & $path", path));
        if (failure is null)
        {
            _files.Add(found);
        }
        else
        {
            _report.FailedOutside($"Discovery of {file}", file, failure);
        }
    }
}
