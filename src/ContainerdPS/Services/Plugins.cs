using ContainerdPS.Wire.IntrospectionV1;

namespace ContainerdPS.Services;

/// <summary>What a daemon's plugins are, and whether they work.</summary>
internal static class Plugins
{
    /// <summary>gRPC's code for "no error" in a plugin's report.</summary>
    private const int Ok = 0;

    /// <summary>A plugin that found it is not wanted on this machine reports an error all the same.</summary>
    private const string SkippedWord = "skip plugin";

    public static bool Works(Plugin plugin) => plugin.InitErr is null || (plugin.InitErr.Code == Ok && plugin.InitErr.Message.Length == 0);

    public static bool Skipped(Plugin plugin) => !Works(plugin) && plugin.InitErr.Message.Contains(SkippedWord, StringComparison.Ordinal);

    /// <summary>The snapshotters that work, by name.</summary>
    public static string[] Snapshotters(IEnumerable<Plugin> plugins) => plugins
        .Where(static plugin => plugin.Type == "io.containerd.snapshotter.v1" && Works(plugin))
        .Select(static plugin => plugin.Id)
        .Order(StringComparer.Ordinal)
        .ToArray();
}
