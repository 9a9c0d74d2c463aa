using System.Management.Automation;
using System.Security.Cryptography;
using ContainerdPS.Containers;
using ContainerdPS.Pipeline;
using ContainerdPS.Services;
using ContainerdPS.TaskIO;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Invoke-Container: makes a container, runs it, gives its output line by line as it comes, and removes it.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "Container", SupportsShouldProcess = true)]
[OutputType(typeof(string))]
[OutputType(typeof(ContainerResult))]
public sealed class InvokeContainerCommand : ContainerSpecCmdlet
{
    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromSeconds(15);

    /// <summary>
    /// <para>The id the container gets while it is there. Default: a random one.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Id { get; set; }

    /// <summary>
    /// <para>Gives one object with the exit status, the output and the times, not the lines; a failed run is then no error.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        string id = Id ?? $"run-{Convert.ToHexString(RandomNumberGenerator.GetBytes(6)).ToLowerInvariant()}";
        foreach (NamespaceClient client in TargetClients)
        {
            if (ShouldProcess($"container '{id}' in namespace '{client.Namespace}'", Image is null ? "run it once" : $"run the image '{Image.Name}' once"))
            {
                await TryAsync((object?)Id ?? Image?.Source, client, () => RunAsync(client, id, cancellationToken), cancellationToken);
            }
        }
    }

    private async Task RunAsync(NamespaceClient client, string id, CancellationToken cancellationToken)
    {
        Container container = await ContainerCreation.RunAsync(client, Request(client, id), cancellationToken);
        try
        {
            await RunAsync(client, container, cancellationToken);
        }
        finally
        {
            using var limit = new CancellationTokenSource(CleanUpLimit);
            await TryAsync(id, client, () => ContainerRemoval.RemoveAsync(client, id, force: true, keepSnapshot: false, limit.Token), limit.Token);
        }
    }

    private async Task RunAsync(NamespaceClient client, Container container, CancellationToken cancellationToken)
    {
        var output = new List<string>();
        var error = new List<string>();
        bool terminal = container.Spec?.Process?.Terminal == true;
        await using ContainerRun run = await ContainerRun.StartAsync(client, container, terminal, cancellationToken);
        await foreach (OutputLine line in run.ReadLinesAsync(cancellationToken))
        {
            if (PassThru)
            {
                (line.Stream == OutputStream.Output ? output : error).Add(line.Text);
            }
            else if (line.Stream == OutputStream.Output)
            {
                WriteObject(line.Text);
            }
            else
            {
                WriteErrorLine(line.Text);
            }
        }

        (int exitCode, DateTimeOffset exitedAt) = await run.EndAsync(cancellationToken);
        SessionState.PSVariable.Set("global:LASTEXITCODE", exitCode);
        if (PassThru)
        {
            WriteObject(new ContainerResult
            {
                Container = container.Id,
                Image = container.Image,
                ExitCode = exitCode,
                Output = output,
                Error = error,
                StartedAt = run.StartedAt,
                ExitedAt = exitedAt,
            });
        }
        else if (exitCode != 0)
        {
            WriteError(ErrorRecords.From(
                new ContainerdException(
                    ContainerdErrorCode.Aborted,
                    $"'{container.Command}' in the container '{container.Id}' ended with the exit status {exitCode}. $LASTEXITCODE has it; -PassThru gives it with the output and without this error.") { Reason = "NonZeroExitCode" },
                container.Id,
                client));
        }
    }

    /// <summary>To the information stream, for who collects it, and to the host's error output, for who looks on.</summary>
    private void WriteErrorLine(string text)
    {
        WriteInformation(text, ["stderr"]);
        PipelinePump.Outside(() => Host.UI.WriteErrorLine(text));
    }
}
