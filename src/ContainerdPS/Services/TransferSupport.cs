using System.Globalization;
using ContainerdPS.Wire.IntrospectionV1;

namespace ContainerdPS.Services;

/// <summary>What a daemon's Transfer service can do.</summary>
/// <param name="IsThere">Whether it has one: since 1.7.</param>
/// <param name="KnowsHosts">Whether it can be told of hosts folders and of plain HTTP: since 2.0.</param>
internal sealed record TransferSupport(bool IsThere, bool KnowsHosts)
{
    private const int FirstWithHosts = 2;

    /// <summary>Asks the daemon, once a session.</summary>
    public static async Task<TransferSupport> OfAsync(NamespaceClient client, CancellationToken cancellationToken)
    {
        var connection = (ContainerdClient)client.Session.Connection;
        return connection.Transfer ??= await AskAsync(client, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Why it cannot do what is asked for; null when it can.</summary>
    public string? WhyNot(bool plainHttp, bool hasHostsFolder, bool isLoopback) =>
        !IsThere ? "the daemon has no Transfer service (containerd 1.7 and newer has one)"
        : KnowsHosts ? null
        : plainHttp ? "the daemon's Transfer service speaks no plain HTTP (since containerd 2.0 it does)"
        : hasHostsFolder ? "the daemon's Transfer service knows no hosts folders (since containerd 2.0 it does)"
        : isLoopback ? "the daemon's Transfer service takes a registry on its own machine for any other (since containerd 2.0 it does not)"
        : null;

    private static async Task<TransferSupport> AskAsync(NamespaceClient client, CancellationToken cancellationToken)
    {
        IReadOnlyList<Plugin> plugins = await client.Introspection.PluginsAsync(cancellationToken).ConfigureAwait(false);
        bool isThere = Has("transfer") && Has("streaming");
        string version = isThere ? (await client.Version.GetAsync(cancellationToken).ConfigureAwait(false)).Version : string.Empty;
        return new TransferSupport(isThere, isThere && Major(version) >= FirstWithHosts);

        bool Has(string id) => plugins.Any(plugin => plugin.Type == "io.containerd.grpc.v1" && plugin.Id == id && Plugins.Works(plugin));
    }

    /// <summary>The first number of a version, such as <c>v2.1.9</c> or <c>1.7.24~ds1</c>; 0 where there is none.</summary>
    private static int Major(string version)
    {
        string digits = new(version.TrimStart('v').TakeWhile(char.IsAsciiDigit).ToArray());
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int major) ? major : 0;
    }
}
