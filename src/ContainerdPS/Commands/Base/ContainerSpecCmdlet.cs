using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Containers;
using ContainerdPS.Oci.SpecOptions;
using ContainerdPS.Services;
using ContainerdPS.Transformation;

namespace ContainerdPS.Commands;

/// <summary>The base of cmdlets that make a container: what it is made from and how it runs.</summary>
public abstract class ContainerSpecCmdlet : NamespaceCmdlet
{
    /// <summary>The parameters that say a part of what a whole spec says.</summary>
    private static readonly HashSet<string> PartsOfSpec = new(StringComparer.OrdinalIgnoreCase)
    {
        nameof(Command), nameof(Entrypoint), nameof(Environment), nameof(WorkingDirectory), nameof(User), nameof(Mount), nameof(Terminal),
        nameof(Hostname), nameof(Memory), nameof(Cpu), nameof(PidsLimit), nameof(ReadOnly), nameof(HostNetwork),
    };

    /// <summary>
    /// <para>The image, by name, full or short (busybox), or as an object.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public virtual ContainerImageReference? Image { get; set; }

    /// <summary>
    /// <para>The platform to take of the image, such as linux/arm64, where the machine can run it (by emulation). Default: this machine's; an image for others only is refused.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PlatformCompleter))]
    public string? Platform { get; set; }

    /// <summary>
    /// <para>What it runs, one text an argument, which may be empty; it replaces the image's Cmd, and the image's entry point stays in front. @() leaves the entry point alone.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    [AllowEmptyCollection]
    public string[]? Command { get; set; }

    /// <summary>
    /// <para>Replaces the image's entry point; @() removes it.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    [AllowEmptyCollection]
    public string[]? Entrypoint { get; set; }

    /// <summary>
    /// <para>Environment variables: @{ NAME = 'value' }, texts 'NAME=value', or 'NAME' to remove one of the image's.</para>
    /// </summary>
    [Parameter]
    [LabelTransformation(AllowKeyOnly = true)]
    public Dictionary<string, string?>? Environment { get; set; }

    /// <summary>
    /// <para>The folder it starts in, an absolute path in the container.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? WorkingDirectory { get; set; }

    /// <summary>
    /// <para>The user it runs as: name, uid, name:group or uid:gid; names are looked up in its root filesystem.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? User { get; set; }

    /// <summary>
    /// <para>The labels of the container: @{ app = 'web' } or texts 'app=web'.</para>
    /// </summary>
    [Parameter]
    [LabelTransformation]
    public Dictionary<string, string?>? Label { get; set; }

    /// <summary>
    /// <para>Further mounts: '/host:/container', '/host:/container:ro', or 'type=tmpfs,destination=/tmp,options=size=64m'.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? Mount { get; set; }

    /// <summary>
    /// <para>Gives the process a terminal; its error output is then part of its output.</para>
    /// </summary>
    [Parameter]
    [Alias("Tty")]
    public SwitchParameter Terminal { get; set; }

    /// <summary>
    /// <para>The host name inside.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Hostname { get; set; }

    /// <summary>
    /// <para>The most memory it may use, in bytes or as 512m, 2g.</para>
    /// </summary>
    [Parameter]
    [SizeTransformation]
    public long? Memory { get; set; }

    /// <summary>
    /// <para>The most processor time, in CPUs: 1.5 is one and a half.</para>
    /// </summary>
    [Parameter]
    public double? Cpu { get; set; }

    /// <summary>
    /// <para>The most processes and threads.</para>
    /// </summary>
    [Parameter]
    public long? PidsLimit { get; set; }

    /// <summary>
    /// <para>Makes its root filesystem read-only.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter ReadOnly { get; set; }

    /// <summary>
    /// <para>Uses the network of the daemon's host.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter HostNetwork { get; set; }

    /// <summary>
    /// <para>A whole OCI runtime spec (an object from Get-ContainerSpec, JSON, or the lines of a JSON file), used as it is but for a cgroup that is another container's, or a script block that gets the spec made as $_ and changes it.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    public object? Spec { get; set; }

    /// <summary>
    /// <para>The runtime, such as io.containerd.runc.v2. Default: the namespace's.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RuntimeCompleter))]
    public string? Runtime { get; set; }

    /// <summary>
    /// <para>The snapshotter for its root filesystem. Default: the namespace's.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SnapshotterCompleter))]
    public string? Snapshotter { get; set; }

    /// <summary>The client to work through: the image's own where none is named.</summary>
    private protected IEnumerable<NamespaceClient> TargetClients => ClientsOf(Image);

    /// <summary>What the parameters ask for.</summary>
    private protected ContainerRequest Request(NamespaceClient client, string id)
    {
        // An image piped to a command that takes ids is a malformed one, and not an id without an image.
        Identifiers.Validated(ObjectKinds.Container, id);
        SpecArgument? spec = Spec is null ? null : SpecArgument.Parse(Spec);
        if (Image is null && spec is null)
        {
            throw new ContainerdException(
                ContainerdErrorCode.InvalidArgument,
                $"There is nothing to make the container '{id}' from. Give -Image, or -Spec with a root filesystem of its own.") { Reason = "ImageRequired" };
        }

        if (spec is { Whole: not null } && MyInvocation.BoundParameters.Keys.Where(PartsOfSpec.Contains).Order().ToArray() is { Length: > 0 } both)
        {
            throw new ContainerdException(
                ContainerdErrorCode.InvalidArgument,
                $"The container '{id}' is given a whole spec by -Spec, which says all that -{string.Join(", -", both)} would. Change the spec, or give -Spec a script block, which changes what the other parameters made.") { Reason = "SpecAndParameters" };
        }

        return new ContainerRequest
        {
            Id = id,
            Image = Image?.Name,
            Platform = Platform is null ? null : Oci.Image.Platforms.Parse(Platform),
            Labels = Label?.ToDictionary(static label => label.Key, static label => label.Value ?? string.Empty, StringComparer.Ordinal) ?? [],
            Runtime = Runtime,
            Snapshotter = Snapshotter,
            Spec = spec?.Whole,
            Edit = spec is { Whole: null } ? made => OnPipelineAsync(() => spec.Run(made, "nothing was made")) : null,
            Options = new SpecRequest
            {
                Namespace = client.Namespace,
                Id = id,
                Arguments = Command,
                Entrypoint = Entrypoint,
                Environment = Environment?.Select(static variable => variable.Value is null ? variable.Key : $"{variable.Key}={variable.Value}").ToArray(),
                WorkingDirectory = WorkingDirectory,
                User = User,
                Hostname = Hostname,
                Mounts = Mount?.Select(MountOption.Parse).ToArray(),
                Terminal = Terminal ? true : null,
                MemoryLimit = Memory,
                Cpu = Cpu,
                PidsLimit = PidsLimit,
                ReadOnlyRoot = ReadOnly,
                HostNetwork = HostNetwork,
            },
        };
    }
}
