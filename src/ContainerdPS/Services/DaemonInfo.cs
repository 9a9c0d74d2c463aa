using ContainerdPS.Mapping;
using ContainerdPS.Wire.IntrospectionV1;

namespace ContainerdPS.Services;

/// <summary>Puts together what a daemon says of itself.</summary>
internal static class DaemonInfo
{
    private static readonly (string Name, string Plugin)[] Optional =
        [("Transfer", "transfer"), ("Streaming", "streaming"), ("Sandbox", "sandbox-controllers"), ("Mounts", "mounts")];

    public static async Task<ContainerdInfo> GetAsync(NamespaceClient client, CancellationToken cancellationToken)
    {
        Wire.VersionV1.VersionResponse version = await client.Version.GetAsync(cancellationToken).ConfigureAwait(false);
        ServerResponse server = await client.Introspection.ServerAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<Plugin> plugins = await client.Introspection.PluginsAsync(cancellationToken).ConfigureAwait(false);
        (string runtime, string snapshotter) = await NamespaceDefaults.GetAsync(client, cancellationToken).ConfigureAwait(false);
        return new ContainerdInfo(client.Session, client.Namespace)
        {
            Version = version.Version.TrimStart('v'),
            Revision = version.Revision,
            Uuid = server.Uuid,
            ProcessId = server.Pid == 0 ? null : (long)server.Pid,
            DefaultRuntime = runtime,
            DefaultSnapshotter = snapshotter,
            Platforms = plugins.Where(static plugin => plugin.Type.StartsWith("io.containerd.runtime.", StringComparison.Ordinal))
                .SelectMany(static plugin => plugin.Platforms)
                .Select(static platform => platform.Variant.Length > 0 ? $"{platform.Os}/{platform.Architecture}/{platform.Variant}" : $"{platform.Os}/{platform.Architecture}")
                .Distinct()
                .ToArray(),
            Snapshotters = Plugins.Snapshotters(plugins),
            Capabilities = Optional.Where(optional => plugins.Any(plugin => plugin.Type == "io.containerd.grpc.v1" && plugin.Id == optional.Plugin && Plugins.Works(plugin)))
                .Select(static optional => optional.Name)
                .ToArray(),
            Deprecations = server.Deprecations
                .Select(static warning => new ContainerdDeprecation(warning.Id, warning.Message, Timestamps.ToLocalOrNull(warning.LastOccurrence)))
                .ToArray(),
            FailedPlugins = plugins.Where(static plugin => !Plugins.Works(plugin) && !Plugins.Skipped(plugin))
                .Select(static plugin => $"{plugin.Type}.{plugin.Id}: {plugin.InitErr.Message}")
                .ToArray(),
        };
    }
}
