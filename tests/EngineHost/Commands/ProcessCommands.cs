using System.ComponentModel;
using System.Diagnostics;
using System.Management.Automation;

namespace EngineHost.Commands;

/// <summary>Commands that find processes by id, name or object.</summary>
public abstract class ProcessCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "Id", ValueFromPipelineByPropertyName = true)]
    [Alias("PID")]
    public int[] Id { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = "Name")]
    [Alias("ProcessName")]
    public string[] Name { get; set; } = [];

    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "InputObject", ValueFromPipeline = true)]
    public Process[] InputObject { get; set; } = [];

    private protected List<Process> Find()
    {
        var found = new List<Process>(InputObject);
        foreach (var id in Id)
        {
            try
            {
                found.Add(Process.GetProcessById(id));
            }
            catch (ArgumentException e)
            {
                WriteError(new ErrorRecord(e, "NoProcessFoundForGivenId", ErrorCategory.ObjectNotFound, id));
            }
        }

        foreach (var name in Name)
        {
            var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
            var matching = Process.GetProcesses().Where(p => pattern.IsMatch(p.ProcessName)).ToList();
            found.AddRange(matching);
            if (matching.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                var missing = new ItemNotFoundException($"Cannot find a process with the name \"{name}\".");
                WriteError(new ErrorRecord(missing, "NoProcessFoundForGivenName", ErrorCategory.ObjectNotFound, name));
            }
        }

        return found;
    }
}

/// <summary>Processes; all of them without a name or an id.</summary>
[Cmdlet(VerbsCommon.Get, "Process", DefaultParameterSetName = "All")]
public sealed class GetProcessCommand : ProcessCommand
{
    [Parameter(Position = 0, ParameterSetName = "All")]
    public string[] All { get; set; } = [];

    protected override void ProcessRecord()
    {
        if (ParameterSetName == "All")
        {
            Name = All.Length > 0 ? All : ["*"];
        }

        WriteObject(Find(), enumerateCollection: true);
    }
}

/// <summary>Ends processes at once.</summary>
[Cmdlet(VerbsLifecycle.Stop, "Process", SupportsShouldProcess = true, DefaultParameterSetName = "Id")]
public sealed class StopProcessCommand : ProcessCommand
{
    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var process in Find().Where(p => ShouldProcess($"{p.ProcessName} ({p.Id})")))
        {
            try
            {
                process.Kill();
                WriteObject(PassThru ? [process] : Array.Empty<Process>(), enumerateCollection: true);
            }
            catch (Exception e) when (e is Win32Exception or InvalidOperationException)
            {
                WriteError(new ErrorRecord(e, "CouldNotStopProcess", ErrorCategory.CloseError, process));
            }
        }
    }
}

/// <summary>Waits until processes have ended.</summary>
[Cmdlet(VerbsLifecycle.Wait, "Process", DefaultParameterSetName = "Id")]
public sealed class WaitProcessCommand : ProcessCommand
{
    [Parameter]
    public int Timeout { get; set; } = -1;

    protected override void ProcessRecord()
    {
        foreach (var process in Find())
        {
            var clock = Stopwatch.StartNew();
            while (!process.WaitForExit(100) && !Stopping)
            {
                if (Timeout >= 0 && clock.Elapsed.TotalSeconds >= Timeout)
                {
                    var late = new TimeoutException($"The process {process.ProcessName} ({process.Id}) has not ended within {Timeout} s.");
                    WriteError(new ErrorRecord(late, "ProcessNotTerminated", ErrorCategory.OperationTimeout, process));
                    break;
                }
            }
        }
    }
}

/// <summary>Starts a program without waiting for it; its streams are ours.</summary>
[Cmdlet(VerbsLifecycle.Start, "Process", SupportsShouldProcess = true)]
public sealed class StartProcessCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true)]
    public string FilePath { get; set; } = "";

    [Parameter(Position = 1)]
    public string[] ArgumentList { get; set; } = [];

    [Parameter]
    public string? WorkingDirectory { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    [Parameter]
    public SwitchParameter Wait { get; set; }

    [Parameter]
    public SwitchParameter NoNewWindow { get; set; }

    protected override void ProcessRecord()
    {
        if (!ShouldProcess(FilePath))
        {
            return;
        }

        // As in pwsh, the words are joined and split again: one with blanks in it brings its own quotes.
        var process = Process.Start(new ProcessStartInfo(FilePath, string.Join(' ', ArgumentList))
        {
            WorkingDirectory = WorkingDirectory ?? SessionState.Path.CurrentFileSystemLocation.ProviderPath,
        })!;
        while (Wait && !process.WaitForExit(100) && !Stopping)
        {
            // Short steps, so that Ctrl+C is noticed.
        }

        WriteObject(PassThru ? [process] : Array.Empty<Process>(), enumerateCollection: true);
    }
}
