using System.Management.Automation;
using ContainerdPS.Processes;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>The base of cmdlets that work on processes executed in tasks: by container and id, or piped as objects.</summary>
public abstract class ProcessCmdlet : NamespaceCmdlet
{
    /// <summary>
    /// <para>The container, by id or as an object.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Id")]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(Completion.ContainerCompleter))]
    public ContainerReference? Container { get; set; }

    /// <summary>
    /// <para>The ids the processes were executed by.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = "Id")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(Completion.ProcessCompleter))]
    public string[]? Process { get; set; }

    /// <summary>
    /// <para>The processes, as objects from Start-ContainerProcess or Get-ContainerProcess.</para>
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "InputObject", ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerProcess[]? InputObject { get; set; }

    /// <summary>
    /// <para>How many processes are worked on at once. Results keep the order of the input.</para>
    /// </summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 16;

    private protected sealed override int MaxInFlight => ThrottleLimit;

    private protected sealed override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (ContainerProcess process in InputObject ?? [])
        {
            NamespaceClient client = Client(process.Session, process.Namespace);
            await TryAsync(process, client, () => ProcessAsync(process, client, Address(process), cancellationToken), cancellationToken);
        }

        if (Container is { } container)
        {
            foreach (NamespaceClient client in ClientsOf(container))
            {
                foreach (string id in Process!)
                {
                    await TryAsync(id, client, () => ProcessAsync(id, client, Address(container.Id, id), cancellationToken), cancellationToken);
                }
            }
        }
    }

    /// <summary>Asks whether to, and with -WhatIf whether the process is there.</summary>
    private protected Task<bool> ShouldProcessAsync(object target, NamespaceClient client, ProcessAddress address, string action, CancellationToken cancellationToken) =>
        ShouldProcessAsync(
            $"process '{address.Exec}' of container '{address.Container}' in namespace '{client.Namespace}'",
            action,
            target,
            client,
            () => TaskQuery.ReadProcessAsync(client, address, cancellationToken),
            cancellationToken);

    /// <summary>Works on one process; what takes time is started with StartAsync.</summary>
    private protected abstract Task ProcessAsync(object target, NamespaceClient client, ProcessAddress address, CancellationToken cancellationToken);

    private static ProcessAddress Address(ContainerProcess process) => process.Id.Length > 0
        ? new ProcessAddress(process.Container, process.Id)
        : throw new ContainerdException(
            ContainerdErrorCode.InvalidArgument,
            $"The process {process.ProcessId} of the container '{process.Container}' was not executed by an id, so the daemon knows it only as a part of the task. Stop-ContainerTask and Send-ContainerSignal are for tasks.") { Reason = "NotAnExecutedProcess" };

    private static ProcessAddress Address(string container, string id) =>
        new(Identifiers.Validated(ObjectKinds.Container, container), Identifiers.Validated(ObjectKinds.Process, id));
}
