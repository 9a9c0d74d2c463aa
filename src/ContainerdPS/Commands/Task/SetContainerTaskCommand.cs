using System.Management.Automation;
using ContainerdPS.Oci.SpecOptions;
using ContainerdPS.Pipeline;
using ContainerdPS.Processes;
using ContainerdPS.Services;
using ContainerdPS.Transformation;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Set-ContainerTask: changes limits of tasks while they run: memory, processors, processes. What is not given stays as it is.</para>
/// </summary>
[Cmdlet(VerbsCommon.Set, "ContainerTask", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerTask))]
public sealed class SetContainerTaskCommand : TaskCmdlet
{
    private TaskLimits? limits;

    /// <summary>
    /// <para>The most memory it may use, in bytes or as 512m, 2g; -1 for no limit.</para>
    /// </summary>
    [Parameter]
    [SizeTransformation]
    public long? Memory { get; set; }

    /// <summary>
    /// <para>The most memory and swap together, in bytes or as 1g; -1 for no limit.</para>
    /// </summary>
    [Parameter]
    [SizeTransformation]
    public long? MemorySwap { get; set; }

    /// <summary>
    /// <para>The memory it is pushed back to when the host runs short, in bytes or as 256m; -1 for none.</para>
    /// </summary>
    [Parameter]
    [SizeTransformation]
    public long? MemoryReservation { get; set; }

    /// <summary>
    /// <para>The most processor time, in CPUs: 1.5 is one and a half; -1 for no limit.</para>
    /// </summary>
    [Parameter]
    public double? Cpu { get; set; }

    /// <summary>
    /// <para>Its weight against others when processors are short, 2 to 262144; 1024 is usual.</para>
    /// </summary>
    [Parameter]
    public long? CpuShares { get; set; }

    /// <summary>
    /// <para>The processors it may use, such as 0-3,7.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CpusetCpus { get; set; }

    /// <summary>
    /// <para>The memory nodes it may use, such as 0,1.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CpusetMems { get; set; }

    /// <summary>
    /// <para>The most processes and threads; -1 for no limit.</para>
    /// </summary>
    [Parameter]
    public long? PidsLimit { get; set; }

    /// <summary>
    /// <para>Other limits as OCI resources: an object of Linux or Windows, JSON, or a hashtable like @{ BlockIO = @{ Weight = 500 } }. Parameters by name come over it.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    public object? Resource { get; set; }

    /// <summary>
    /// <para>Annotations for the runtime: @{ key = 'value' } or texts 'key=value'. Which of them mean anything is up to the runtime.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [LabelTransformation]
    public Dictionary<string, string?>? Annotation { get; set; }

    /// <summary>
    /// <para>Changes the container's spec as well, so that its next task has these limits too.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Persist { get; set; }

    /// <summary>
    /// <para>Sets a memory limit that is below what is in use also where the kernel then kills processes (cgroup v2).</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>
    /// <para>Gives the tasks.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override Task BeginAsync(CancellationToken cancellationToken)
    {
        try
        {
            limits = Read();
        }
        catch (ContainerdException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e, Resource, null));
        }

        return Task.CompletedTask;
    }

    private protected override Task ProcessContainerAsync(ContainerReference container, NamespaceClient client, CancellationToken cancellationToken) => ChangeAsync(
        container,
        client,
        Persist ? "change its limits, and those of its container's spec" : "change its limits",
        PassThru,
        token => TaskUpdate.RunAsync(client, container.Id, limits!, token),
        cancellationToken);

    /// <summary>What the parameters ask for. What cannot be is told once, before anything is done.</summary>
    private TaskLimits Read()
    {
        ResourceArgument? resources = Resource is null ? null : ResourceArgument.Parse(Resource);
        var read = new TaskLimits
        {
            Named = new SpecRequest
            {
                Namespace = string.Empty,
                Id = string.Empty,
                MemoryLimit = Memory,
                MemorySwap = MemorySwap,
                MemoryReservation = MemoryReservation,
                Cpu = Cpu,
                CpuShares = CpuShares,
                CpuSet = CpusetCpus,
                MemoryNodes = CpusetMems,
                PidsLimit = PidsLimit,
            },
            Resources = resources?.Json,
            IsWindows = resources?.IsWindows,
            Annotations = Annotation?.ToDictionary(static entry => entry.Key, static entry => entry.Value ?? string.Empty, StringComparer.Ordinal) ?? [],
            Force = Force,
            Persist = Persist,
        };
        return read.HasNamed || read.Resources is not null || read.Annotations.Count > 0 ? read : throw new ContainerdException(
            ContainerdErrorCode.InvalidArgument,
            "There is no limit to change. Give at least one, such as -Memory 512m, -Cpu 1.5, -PidsLimit 100 or -Resource.") { Reason = "NothingToSet" };
    }
}
