using ContainerdPS.Images;
using ContainerdPS.Mapping;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Processes;
using ContainerdPS.Services;
using ContainerdPS.Wire.TaskTypes;

namespace ContainerdPS.Checkpoints;

/// <summary>What a checkpoint will hold: the request held against the container as it is. Nothing is changed yet.</summary>
internal sealed class CheckpointPlan
{
    private CheckpointPlan(CheckpointRequest request, Wire.ContainersV1.Container container)
    {
        Request = request;
        Container = container;
    }

    public CheckpointRequest Request { get; }

    public Wire.ContainersV1.Container Container { get; }

    public CheckpointParts Parts { get; private set; }

    /// <summary>The image the container was made of; null when it is not to be in the checkpoint.</summary>
    public OciDescriptor? Image { get; private set; }

    /// <summary>The target of the name before; null when there is no such name.</summary>
    public Wire.ImagesV1.Image? Former { get; private set; }

    /// <summary>Whether the task runs and is to be paused.</summary>
    public bool Pauses { get; private set; }

    /// <summary>What the caller should know, in whole sentences.</summary>
    public string? Warning { get; private set; }

    private bool HasTask => Parts.HasFlag(CheckpointParts.Task);

    /// <summary>Looks at the container and decides.</summary>
    /// <exception cref="ContainerdException">There is no such container, a part that is wanted is not there, or the name is taken.</exception>
    public static async Task<CheckpointPlan> MakeAsync(NamespaceClient client, CheckpointRequest request, CancellationToken cancellationToken)
    {
        string id = Identifiers.Validated(ObjectKinds.Container, request.Container);
        var plan = new CheckpointPlan(request, await client.Containers.GetAsync(id, cancellationToken).ConfigureAwait(false));
        Process? task = await client.Tasks.FindAsync(id, cancellationToken).ConfigureAwait(false);
        bool runs = task is { Status: Status.Running or Status.Paused or Status.Pausing };
        bool all = request.Parts == CheckpointParts.None;
        plan.Parts = all
            ? CheckpointParts.Runtime
                | (plan.Container.SnapshotKey.Length > 0 ? CheckpointParts.ReadWriteLayer : 0)
                | (runs ? CheckpointParts.Task : 0)
            : request.Parts;
        if (plan.HasTask && !runs)
        {
            throw task is null ? TaskFailures.NoTask(client, id) : Refusal(client, id, task);
        }

        if (request.Options.Exit && !plan.HasTask)
        {
            throw Invalid(client, id, "ExitWithoutTask", all ? "no task runs in it that could be dumped and ended" : "-Exit ends the task after its dump, and the task is not among the parts wanted");
        }

        if (plan.Parts.HasFlag(CheckpointParts.ReadWriteLayer) && plan.Container.SnapshotKey.Length == 0)
        {
            throw Invalid(client, id, "ContainerWithoutSnapshot", "it has no snapshot, so there is no read-write layer: its root filesystem is a folder of the daemon's host");
        }

        await plan.FindImageAsync(client, all, cancellationToken).ConfigureAwait(false);
        if (request.Name is not null)
        {
            plan.Former = await client.Images.FindAsync(request.Name, cancellationToken).ConfigureAwait(false);
            if (plan.Former is not null && !request.Replace)
            {
                throw new ContainerdException(
                    ContainerdErrorCode.AlreadyExists,
                    $"There is an image '{request.Name}' already in namespace '{client.Namespace}' on '{client.Session.Address}'. Choose another -Name for the checkpoint, or add -Force to have it take the name over.")
                {
                    Reason = "ImageAlreadyExists",
                    ObjectKind = ObjectKinds.Image,
                    ObjectId = request.Name,
                };
            }
        }

        bool isConsistentOnlyPaused = plan.HasTask || plan.Parts.HasFlag(CheckpointParts.ReadWriteLayer);
        plan.Pauses = task is { Status: Status.Running } && isConsistentOnlyPaused && !request.NoPause;
        return plan;
    }

    /// <summary>Says what will be done, to go on after "it would".</summary>
    public string Describe()
    {
        var parts = new List<string>();
        Add(CheckpointParts.Image, $"its image '{Container.Image}'");
        Add(CheckpointParts.Runtime, HasTask ? "its runtime options" : "its runtime options and spec");
        Add(CheckpointParts.ReadWriteLayer, "its read-write layer");
        Add(CheckpointParts.Task, "its running task");
        string what = parts.Count == 1 ? parts[0] : $"{string.Join(", ", parts.SkipLast(1))} and {parts[^1]}";
        string where = Request.Name is { } name ? $"as the image '{name}'" : $"into the folder '{Request.Options.ImagePath}'";
        string pause = Pauses ? ", the task paused meanwhile" : string.Empty;
        string exit = Request.Options.Exit ? " and ended after it" : string.Empty;
        return $"checkpoint {what} {where}{pause}{exit}";

        void Add(CheckpointParts part, string text)
        {
            if (Parts.HasFlag(part))
            {
                parts.Add(text);
            }
        }
    }

    private async Task FindImageAsync(NamespaceClient client, bool all, CancellationToken cancellationToken)
    {
        string id = Container.Id;
        if (!all && !Parts.HasFlag(CheckpointParts.Image))
        {
            return;
        }

        if (Container.Image.Length == 0)
        {
            if (!all)
            {
                throw Invalid(client, id, "ContainerWithoutImage", "it was not made of an image");
            }

            return;
        }

        if (await client.Images.FindAsync(Container.Image, cancellationToken).ConfigureAwait(false) is { } image)
        {
            Image = DescriptorMapping.FromWire(image.Target);
            Parts |= CheckpointParts.Image;
        }
        else if (all)
        {
            Warning = $"The image '{Container.Image}' of the container '{id}' is not in namespace '{client.Namespace}' any more, so it is not in the checkpoint: to restore that, it has to be pulled or imported again.";
        }
        else
        {
            throw new ContainerdException(
                ContainerdErrorCode.NotFound,
                $"The image '{Container.Image}' of the container '{id}' is not in namespace '{client.Namespace}' on '{client.Session.Address}' any more. Pull it again with Receive-ContainerImage, or leave -Image out.")
            {
                Reason = "ImageNotFound",
                ObjectKind = ObjectKinds.Image,
                ObjectId = Container.Image,
            };
        }
    }

    private static ContainerdException Refusal(NamespaceClient client, string id, Process task)
    {
        string state = ContainerMapping.Status(task.Status).ToString();
        return Invalid(client, id, "TaskState" + state, $"its task is {state.ToLowerInvariant()}, and only one that runs or is paused has processes to dump");
    }

    private static ContainerdException Invalid(NamespaceClient client, string id, string reason, string why) => new(
        ContainerdErrorCode.FailedPrecondition,
        $"The container '{id}' in namespace '{client.Namespace}' on '{client.Session.Address}' was not checkpointed: {why}.")
    {
        Reason = reason,
        ObjectKind = ObjectKinds.Container,
        ObjectId = id,
    };
}
