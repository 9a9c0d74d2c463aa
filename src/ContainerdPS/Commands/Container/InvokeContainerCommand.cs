using System.Management.Automation;
using System.Security.Cryptography;
using System.Text;
using ContainerdPS.Containers;
using ContainerdPS.Processes;
using ContainerdPS.Services;

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
        await using CommandRun run = await CommandRun.RunAsync(client, container, stdin: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), asBytes: false, cancellationToken);
        await new CommandOutput(this, client, container.Id, PassThru).DrainAsync(run, cancellationToken);
    }
}
