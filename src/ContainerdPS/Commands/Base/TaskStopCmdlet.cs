using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Processes;

namespace ContainerdPS.Commands;

/// <summary>The base of cmdlets that end tasks as asked: by which signal, and how patiently.</summary>
public abstract class TaskStopCmdlet : TaskCmdlet
{
    /// <summary>
    /// <para>The signal to stop with: a name (TERM, SIGINT) or a number. Default: the image's stop signal, else TERM.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SignalCompleter))]
    public string? Signal { get; set; }

    /// <summary>
    /// <para>How long the processes may take to end before they are killed, in seconds, as 500ms or 2m, or as a TimeSpan. Default: 10 seconds; 0 kills at once.</para>
    /// </summary>
    [Parameter]
    [Transformation.DurationTransformation]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    private protected Signal? Wanted { get; private set; }

    private protected override Task BeginAsync(CancellationToken cancellationToken)
    {
        Wanted = SignalParameter.Read(this, Signal);
        return Task.CompletedTask;
    }
}
