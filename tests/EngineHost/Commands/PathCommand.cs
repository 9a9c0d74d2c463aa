using System.Management.Automation;

namespace EngineHost.Commands;

/// <summary>Commands with -Path (wildcards) and -LiteralPath. A path that fails is an error of its own; the others go on.</summary>
public abstract class PathCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Path")]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Literal")]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath { get; set; } = [];

    private protected bool Literal => ParameterSetName == "Literal";

    private protected virtual string DefaultPath => throw new PSArgumentException("A path is needed.", nameof(Path));

    protected override void ProcessRecord()
    {
        var paths = Literal ? LiteralPath : Path.Length > 0 ? Path : [DefaultPath];
        foreach (var path in paths)
        {
            Guard(path, () => Process(path));
        }
    }

    private protected abstract void Process(string path);

    /// <summary>The file system paths that a path stands for; they exist.</summary>
    private protected IEnumerable<string> Files(string path) => Literal
        ? [GetUnresolvedProviderPathFromPSPath(path)]
        : GetResolvedProviderPathFromPSPath(path, out _);

    private protected void Guard(string target, Action work)
    {
        try
        {
            work();
        }
        catch (PipelineStoppedException)
        {
            throw;
        }
        catch (RuntimeException e)
        {
            WriteError(new ErrorRecord(e.ErrorRecord, e));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            var category = e is UnauthorizedAccessException ? ErrorCategory.PermissionDenied : ErrorCategory.NotSpecified;
            WriteError(new ErrorRecord(e, e.GetType().Name, category, target));
        }
    }
}
