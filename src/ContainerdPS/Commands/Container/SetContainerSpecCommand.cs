using System.Management.Automation;
using ContainerdPS.Containers;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Set-ContainerSpec: replaces the OCI runtime spec of containers, or has a script block change it. What the spec holds beyond what is known here stays.</para>
/// </summary>
[Cmdlet(VerbsCommon.Set, "ContainerSpec", SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class SetContainerSpecCommand : ContainerChangeCmdlet
{
    /// <summary>
    /// <para>A whole OCI runtime spec (an object from Get-ContainerSpec, JSON, or the lines of a JSON file), or a script block that gets the container's spec as $_ and changes it.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 1)]
    [AllowNull]
    public object? Spec { get; set; }

    private protected override async Task ProcessContainerAsync(ContainerReference container, NamespaceClient client, CancellationToken cancellationToken)
    {
        (bool read, SpecArgument? spec) = await ReadSpecAsync(Spec, container, client, cancellationToken);
        if (read && await ShouldChangeAsync(container, client, spec!.Whole is null ? "change its spec by a script block" : "replace its spec", cancellationToken))
        {
            await ChangeAsync(container, client, new ContainerUpdate(), spec, cancellationToken);
        }
    }
}
