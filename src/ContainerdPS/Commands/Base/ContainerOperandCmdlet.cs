using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>The base of cmdlets that work on containers given by id or piped as objects, several at a time.</summary>
public abstract class ContainerOperandCmdlet : NamespaceCmdlet
{
    /// <summary>
    /// <para>The containers, by id or as objects from Get-Container.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    public virtual ContainerReference[] Container { get; set; } = [];

    /// <summary>
    /// <para>How many containers are worked on at once. Results keep the order of the input.</para>
    /// </summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 16;

    private protected sealed override int MaxInFlight => ThrottleLimit;

    private protected sealed override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (ContainerReference reference in Operands())
        {
            foreach (NamespaceClient client in ClientsOf(reference))
            {
                await ProcessContainerAsync(reference, client, cancellationToken);
            }
        }
    }

    /// <summary>The containers to work on.</summary>
    private protected virtual ContainerReference[] Operands() => Container;

    /// <summary>Works on one container; what takes time is started with StartAsync.</summary>
    private protected abstract Task ProcessContainerAsync(ContainerReference container, NamespaceClient client, CancellationToken cancellationToken);
}
