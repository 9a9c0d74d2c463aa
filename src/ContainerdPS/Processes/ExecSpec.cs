using ContainerdPS.Oci;
using ContainerdPS.Oci.SpecOptions;
using ContainerdPS.Services;

namespace ContainerdPS.Processes;

/// <summary>Makes the OCI process of an exec: that of the container's first process with what is asked changed.</summary>
internal static class ExecSpec
{
    /// <returns>The process, and the name of the container's image.</returns>
    public static async Task<(SpecProcess Process, string Image)> BuildAsync(NamespaceClient client, string container, ExecRequest request, CancellationToken cancellationToken)
    {
        Identifiers.Validated(ObjectKinds.Container, container);
        Wire.ContainersV1.Container record = await client.Containers.GetAsync(container, cancellationToken).ConfigureAwait(false);
        if (record.Spec is not { Value.IsEmpty: false } || SpecJson.Parse(record.Spec.Value.Span) is not { Process: { } process } spec)
        {
            throw new ContainerdException(
                ContainerdErrorCode.FailedPrecondition,
                $"The container '{container}' in namespace '{client.Namespace}' has no spec of a process, so nothing can be executed like it.") { Reason = "SpecNotFound" };
        }

        process.CommandLine = null;
        process.ConsoleSize = null;
        if (request.Privileged)
        {
            PrivilegedOption.Apply(spec);
        }

        TerminalOption.Apply(process, request.Terminal);
        EnvironmentOption.Apply(process, request.Environment);
        WorkingDirectoryOption.Apply(process, request.WorkingDirectory);
        if (request.User is not null)
        {
            UserOption.Apply(process, request.User, await RootAsync(client, record, cancellationToken).ConfigureAwait(false));
        }

        process.Args = request.Command.Count > 0
            ? CommandOption.Checked([.. request.Command])
            : [UserShell.Find(process.User?.Uid ?? 0, await RootAsync(client, record, cancellationToken).ConfigureAwait(false))];

        return (process, record.Image);
    }

    private static async Task<IRootFileSystem?> RootAsync(NamespaceClient client, Wire.ContainersV1.Container record, CancellationToken cancellationToken)
    {
        if (record.SnapshotKey.Length == 0)
        {
            return null;
        }

        IReadOnlyList<Wire.Types.Mount> mounts = await client.Snapshots.MountsAsync(record.Snapshotter, record.SnapshotKey, cancellationToken).ConfigureAwait(false);
        return MountedLayersRootFileSystem.Create(mounts.Select(static mount => new RootFileSystemMount(mount.Type, mount.Source, mount.Options)).ToArray());
    }
}
