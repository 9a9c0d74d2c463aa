namespace ContainerdPS.Services;

/// <summary>Which runtime and snapshotter a container gets when it is given none: the namespace's labels, then containerd's own.</summary>
internal static class NamespaceDefaults
{
    public static async Task<(string Runtime, string Snapshotter)> GetAsync(NamespaceClient client, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, string> labels = await client.Namespaces.LabelsAsync(client.Namespace, cancellationToken).ConfigureAwait(false);
        return (
            labels.GetValueOrDefault("containerd.io/defaults/runtime") is { Length: > 0 } runtime ? runtime : Runtime,
            Environment.GetEnvironmentVariable("CONTAINERD_SNAPSHOTTER") is { Length: > 0 } wanted ? wanted
                : labels.GetValueOrDefault("containerd.io/defaults/snapshotter") is { Length: > 0 } snapshotter ? snapshotter : Snapshotter);
    }

    public static string Runtime => OperatingSystem.IsWindows() ? "io.containerd.runhcs.v1" : "io.containerd.runc.v2";

    private static string Snapshotter => OperatingSystem.IsWindows() ? "windows" : "overlayfs";
}
