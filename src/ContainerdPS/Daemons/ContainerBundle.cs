using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ContainerdPS.Daemons;

/// <summary>
/// What one container of a daemon has outside the daemon's folder, read from its bundle before anything is ended:
/// afterwards nothing tells it from the containers of other daemons, which share all these places.
/// </summary>
internal sealed partial record ContainerBundle(string Path, string Namespace, string Id)
{
    private const string DefaultRuntimeRoot = "/run/containerd/runc";

    /// <summary>The binary the container was made with when it was not the usual one.</summary>
    public string? Runtime { get; private init; }

    /// <summary>The folder the runtime keeps the states of this namespace in.</summary>
    public string RuntimeRoot { get; private init; } = "";

    /// <summary>The container's cgroup from the root of each hierarchy, with a leading slash; null when it is not a path.</summary>
    public string? Cgroup { get; private init; }

    /// <summary>The first process, 0 when there is none.</summary>
    public int InitProcessId { get; private init; }

    /// <summary>The sockets its shim listens on.</summary>
    public IReadOnlyList<string> Sockets { get; private init; } = [];

    private string RuntimeState => System.IO.Path.Combine(RuntimeRoot, Id);

    /// <summary>All bundles below a daemon's state folder: PLUGIN/NAMESPACE/ID, of the tasks' and the sandboxes' plugin.</summary>
    public static List<ContainerBundle> ReadAll(string state) =>
        Directory.Exists(state)
            ? Directory.EnumerateDirectories(state)
                .SelectMany(Directory.EnumerateDirectories).SelectMany(Directory.EnumerateDirectories).Select(Read).ToList()
            : [];

    /// <summary>
    /// The namespaces that have or had tasks, with the runtime's folder for each: it stays when the last container goes.
    /// </summary>
    public static List<(string Namespace, string RuntimeRoot)> UsedNamespaces(string state) =>
        Directory.Exists(state)
            ? Directory.EnumerateDirectories(state).SelectMany(Directory.EnumerateDirectories)
                .Select(path => System.IO.Path.GetFileName(path)!).Distinct()
                .Select(name => (name, System.IO.Path.Combine(DefaultRuntimeRoot, name))).ToList()
            : [];

    /// <summary>
    /// The runtime's state folder when it is this container's: an id may be taken there by another daemon's container, and
    /// ours then never came to be. A folder without a state is one whose making was cut short.
    /// </summary>
    public string? OwnRuntimeState(DateTime daemonStart)
    {
        if (!Directory.Exists(RuntimeState))
        {
            return null;
        }

        var state = Text(System.IO.Path.Combine(RuntimeState, "state.json"));
        var ours = state.Length == 0
            ? Directory.GetLastWriteTimeUtc(RuntimeState) >= daemonStart
            : state.Contains($"\"bundle={Path}\"", StringComparison.Ordinal);
        return ours ? RuntimeState : null;
    }

    private static ContainerBundle Read(string path)
    {
        var @namespace = System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(path))!;
        var runtime = Text(System.IO.Path.Combine(path, "runtime")).Trim();
        var root = JsonText(System.IO.Path.Combine(path, "options.json"), "root");
        var cgroup = JsonText(System.IO.Path.Combine(path, "config.json"), "linux", "cgroupsPath");
        _ = int.TryParse(
            Text(System.IO.Path.Combine(path, "init.pid")), NumberStyles.None, CultureInfo.InvariantCulture, out var init);

        // 1.6 and 1.7 write the address alone, 2.x a JSON document around it.
        var sockets = SocketPath().Matches(
            Text(System.IO.Path.Combine(path, "address")) + '\n' + Text(System.IO.Path.Combine(path, "bootstrap.json")));
        return new ContainerBundle(path, @namespace, System.IO.Path.GetFileName(path))
        {
            Runtime = runtime.Length == 0 ? null : runtime,
            RuntimeRoot = System.IO.Path.Combine(root is { Length: > 0 } ? root : DefaultRuntimeRoot, @namespace),
            Cgroup = cgroup is ['/', _, ..] && !cgroup.Split('/').Contains("..") ? cgroup.TrimEnd('/') : null,
            InitProcessId = init,
            Sockets = sockets.Select(match => match.Groups[1].Value).Distinct().ToList(),
        };
    }

    private static string? JsonText(string file, params string[] names)
    {
        try
        {
            using var document = JsonDocument.Parse(Text(file));
            var element = document.RootElement;
            foreach (var name in names)
            {
                if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                {
                    return null;
                }
            }

            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Text(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    [GeneratedRegex("""unix://(/[^"\s]+)""")]
    private static partial Regex SocketPath();
}
