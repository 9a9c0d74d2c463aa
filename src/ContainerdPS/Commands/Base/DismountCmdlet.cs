using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Mounts;
using ContainerdPS.Native;
using ContainerdPS.Pipeline;
using ContainerdPS.Services;
using ContainerdPS.Sessions;
using ContainerdPS.Snapshots;

namespace ContainerdPS.Commands;

/// <summary>The base of cmdlets that end mounts of this module: those of an object, or the one at a folder.</summary>
public abstract class DismountCmdlet : NamespaceCmdlet
{
    private readonly List<ContainerdSession> opened = [];

    /// <summary>
    /// <para>The folders they are mounted at, whichever containerd namespace what is mounted there is in.</para>
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "Path")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MountPathCompleter))]
    public string[] Path { get; set; } = [];

    /// <summary>
    /// <para>Ends mounts that are in use: they leave the tree at once, and end with their last use.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected sealed override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        if (!LinuxOnly.IsHere)
        {
            WriteError(ErrorRecords.From(new ContainerdException(ContainerdErrorCode.Unimplemented, "Snapshots can be mounted on Linux only.") { Reason = "MountUnsupported" }, null, null));
            return;
        }

        await DismountObjectsAsync(cancellationToken);
        foreach (string given in Path)
        {
            await DismountPathAsync(given, cancellationToken);
        }
    }

    /// <summary>Ends the mounts of what was given or piped.</summary>
    private protected abstract Task DismountObjectsAsync(CancellationToken cancellationToken);

    private protected override Task ReleaseAsync()
    {
        opened.ForEach(static session => session.Dispose());
        return Task.CompletedTask;
    }

    /// <summary>Ends what is mounted at a folder.</summary>
    private protected async Task DismountPathAsync(string given, CancellationToken cancellationToken)
    {
        string shown = ShellPath.File(this, given);
        string path = PathCalls.Resolve(shown) ?? shown;
        if (MountRecords.All().FirstOrDefault(record => record.Path == path) is not { } record)
        {
            WriteError(ErrorRecords.From(NotFound(path), given, null));
            return;
        }

        await DismountAsync(record, Client(SessionOf(record), record.Namespace), given, cancellationToken);
    }

    /// <summary>Ends one mount, where that is confirmed.</summary>
    private protected async Task DismountAsync(MountRecord record, NamespaceClient client, object target, CancellationToken cancellationToken)
    {
        if (ShouldProcess($"'{record.Path}' ({record.Describe()} in namespace '{record.Namespace}')", Force ? "dismount it, also while it is in use" : "dismount it"))
        {
            await TryAsync(target, client, () => SnapshotDismounting.RunAsync(client, record, Force), cancellationToken);
        }
    }

    private static ContainerdException NotFound(string path) => new(
        ContainerdErrorCode.NotFound,
        MountRecords.OtherNamespace(path) is { } other
            ? $"What is mounted at '{path}' is in the mount namespace {other}, which is not that of this shell. End it in a shell that is in there."
            : $"Neither Mount-ContainerSnapshot nor Mount-ContainerImage has mounted anything at '{path}'. Get-ContainerSnapshot shows in MountPoints what is mounted where.")
    {
        Reason = "MountPointNotFound",
    };

    /// <summary>A session to the daemon of a mount: an open one, or one for the length of this command.</summary>
    private ContainerdSession SessionOf(MountRecord record)
    {
        ContainerdSession? open = (Session ?? RunspaceSessions.Current.All).FirstOrDefault(session => session.Address == record.Address && session.State == ContainerdSessionState.Open);
        if (open is null)
        {
            open = SessionFactory.Create(record.Address, record.Namespace, null);
            opened.Add(open);
        }

        return open;
    }
}
