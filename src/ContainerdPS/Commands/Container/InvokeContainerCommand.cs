using System.Management.Automation;
using System.Security.Cryptography;
using System.Text;
using ContainerdPS.Completion;
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

    /// <summary>
    /// <para>The image, by name, full or short (busybox), or as an object. Each piped image is run once, one after the other.</para>
    /// </summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public override ContainerImageReference? Image { get; set; }

    private object? Target => (object?)Id ?? Image?.Source;

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        string id = Id ?? $"run-{Convert.ToHexString(RandomNumberGenerator.GetBytes(6)).ToLowerInvariant()}";
        foreach (NamespaceClient client in TargetClients)
        {
            string action = Image is null ? "run it once" : $"run the image '{Image.Name}' once";
            if (await ShouldProcessAsync(
                $"container '{id}' in namespace '{client.Namespace}'", action, Target, client, () => ContainerCreation.CheckAsync(client, id, Image?.Name, cancellationToken), cancellationToken))
            {
                await TryAsync(Target, client, () => RunAsync(client, id, cancellationToken), cancellationToken);
            }
        }
    }

    private async Task RunAsync(NamespaceClient client, string id, CancellationToken cancellationToken)
    {
        Container container = await ContainerCreation.RunAsync(client, Request(client, id), cancellationToken);
        Exception? failure = null;
        try
        {
            await RunAsync(client, container, cancellationToken);
        }
        catch (Exception e) when (IsFailure(e))
        {
            // Before the clean-up, which may fail for the same reason.
            failure = e;
            WriteError(await RecordAsync(e, Target, client, cancellationToken));
        }
        finally
        {
            await CleanUpAsync(client, id, failure);
        }
    }

    /// <summary>Takes the container away.</summary>
    private async Task CleanUpAsync(NamespaceClient client, string id, Exception? failure)
    {
        using var limit = new CancellationTokenSource(CleanUpLimit);
        try
        {
            await ContainerRemoval.RemoveAsync(client, id, force: true, keepSnapshot: false, limit.Token);
        }
        catch (ContainerdException e) when (e.Code == ContainerdErrorCode.NotFound)
        {
            // Somebody else removed it.
        }
        catch (ContainerdException e) when (e.Code == ContainerdErrorCode.Unavailable && failure is ContainerdException { Code: ContainerdErrorCode.Unavailable })
        {
            // Told once. What a private daemon had goes with the rest of it.
            if (client.Session.Daemon is not { HasEnded: true })
            {
                WriteWarning($"The container '{id}' in namespace '{client.Namespace}' on '{client.Session.Address}' could not be removed. When the daemon is back, 'Remove-Container {id} -Force' does it.");
            }
        }
        catch (Exception e) when (IsFailure(e))
        {
            WriteError(await RecordAsync(e, id, client, limit.Token));
        }
    }

    private async Task RunAsync(NamespaceClient client, Container container, CancellationToken cancellationToken)
    {
        await using CommandRun run = await CommandRun.RunAsync(client, container, stdin: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), asBytes: false, cancellationToken);
        await new CommandOutput(this, client, container.Id, PassThru).DrainAsync(run, cancellationToken);
    }
}
