using System.Diagnostics;
using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Pipeline;
using ContainerdPS.Sessions;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Test-Containerd: tells whether a daemon can be reached and serves its API.</para>
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "Containerd", DefaultParameterSetName = "Address")]
[OutputType(typeof(bool))]
[OutputType(typeof(ContainerdTestResult))]
public sealed class TestContainerdCommand : ContainerdCmdlet
{
    /// <summary>
    /// <para>The addresses to try. Left out, the default session's address, or the default address. No session is opened.</para>
    /// </summary>
    [Parameter(Position = 0, ParameterSetName = "Address", ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public string[]? Address { get; set; }

    /// <summary>
    /// <para>The sessions to test, by object or by id.</para>
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "Session", ValueFromPipeline = true)]
    [Transformation.SessionTransformation]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public ContainerdSession[]? Session { get; set; }

    /// <summary>
    /// <para>How long to wait for the answer, in seconds or as a TimeSpan. 0 sets no limit. Default: 5 seconds.</para>
    /// </summary>
    [Parameter]
    [Transformation.DurationTransformation]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// <para>Gives an object with the version, the time taken and the reason of a failure, not just true or false.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        IEnumerable<string?> addresses = Session is not null
            ? Session.Select(static session => (string?)session.Address)
            : Address?.Select(given => (string?)ShellPath.Resolve(this, given)) ?? [RunspaceSessions.Current.DefaultOrNull?.Address];
        foreach (string? address in addresses)
        {
            ContainerdTestResult result = await TestAsync(address, cancellationToken);
            WriteVerbose(result.Serving ? $"containerd {result.Version} serves on '{result.Address}'." : result.Message!);
            WriteObject(Detailed ? result : result.Serving);
        }
    }

    private async Task<ContainerdTestResult> TestAsync(string? address, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        string shown = address ?? Transport.ContainerdAddress.DefaultText;
        try
        {
            using ContainerdSession session = SessionFactory.Create(address, null, Timeout);
            string version = await SessionFactory.VerifyAsync(session, cancellationToken);
            return new ContainerdTestResult { Address = session.Address, Serving = true, Version = version.TrimStart('v'), Latency = Stopwatch.GetElapsedTime(start) };
        }
        catch (ContainerdException e)
        {
            return new ContainerdTestResult
            {
                Address = shown,
                Serving = false,
                Latency = Stopwatch.GetElapsedTime(start),
                Reason = e.Reason ?? e.Code.ToString(),
                Message = ErrorRecords.From(e, shown, null).Exception.Message,
            };
        }
    }
}
