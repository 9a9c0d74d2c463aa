using System.Text.RegularExpressions;
using ContainerdPS.Oci;
using ContainerdPS.Oci.SpecOptions;

namespace ContainerdPS.Images;

/// <summary>What is said differently of how an image wants to be run. What is null stays as it is.</summary>
internal sealed partial record ImageConfigChange
{
    public IReadOnlyList<string>? Command { get; init; }

    public IReadOnlyList<string>? Entrypoint { get; init; }

    /// <summary>Variables to set, by name; null removes one.</summary>
    public IReadOnlyDictionary<string, string?>? Environment { get; init; }

    /// <summary>Labels to set; null removes one.</summary>
    public IReadOnlyDictionary<string, string?>? Labels { get; init; }

    public string? User { get; init; }

    public string? WorkingDirectory { get; init; }

    public string? StopSignal { get; init; }

    /// <summary>Ports the program listens on, besides those there are.</summary>
    public IReadOnlyList<string>? ExposedPorts { get; init; }

    /// <summary>Folders the program keeps data in, besides those there are.</summary>
    public IReadOnlyList<string>? Volumes { get; init; }

    /// <summary>Makes the changes.</summary>
    /// <exception cref="ContainerdException">A port, a folder or a name cannot be one.</exception>
    public ImageConfig Apply(ImageConfig? config)
    {
        config ??= new ImageConfig();
        return config with
        {
            // A command is an argument of the entry point it was given with, and means nothing to another one.
            Cmd = Command is not null ? NullIfEmpty(Command) : Entrypoint is not null ? null : config.Cmd,
            Entrypoint = Entrypoint is not null ? NullIfEmpty(Entrypoint) : config.Entrypoint,
            Env = Environment is null ? config.Env : NullIfEmpty(Merge(config.Env ?? [], Environment)),
            Labels = Labels is null ? config.Labels : Merge(config.Labels ?? new Dictionary<string, string>(), Labels),
            User = UserOption.Validated(User) ?? config.User,
            WorkingDir = WorkingDirectory is null ? config.WorkingDir : Absolute(WorkingDirectory, "working directory"),
            StopSignal = StopSignal ?? config.StopSignal,
            ExposedPorts = Union(config.ExposedPorts, ExposedPorts?.Select(Port)),
            Volumes = Union(config.Volumes, Volumes?.Select(static volume => Absolute(volume, "volume"))),
        };
    }

    private static List<string> Merge(IReadOnlyList<string> variables, IReadOnlyDictionary<string, string?> changes)
    {
        var merged = new List<string>();
        var left = new Dictionary<string, string?>(changes, StringComparer.Ordinal);
        foreach (string variable in variables)
        {
            string name = variable.Split('=')[0];
            if (!left.Remove(name, out string? value))
            {
                merged.Add(variable);
            }
            else if (value is not null)
            {
                merged.Add($"{name}={value}");
            }
        }

        merged.AddRange(left.Where(static variable => variable.Value is not null).Select(static variable => $"{variable.Key}={variable.Value}"));
        return merged;
    }

    private static SortedDictionary<string, string>? Merge(IReadOnlyDictionary<string, string> labels, IReadOnlyDictionary<string, string?> changes)
    {
        var merged = new SortedDictionary<string, string>(labels.ToDictionary(), StringComparer.Ordinal);
        foreach ((string key, string? value) in changes)
        {
            if (value is null)
            {
                merged.Remove(key);
            }
            else
            {
                merged[key] = value;
            }
        }

        return merged.Count == 0 ? null : merged;
    }

    private static IReadOnlyList<string>? Union(IReadOnlyList<string>? there, IEnumerable<string>? more) =>
        more is null ? there : [.. (there ?? []).Concat(more).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static IReadOnlyList<string>? NullIfEmpty(IReadOnlyList<string> list) => list.Count == 0 ? null : list;

    private static string Absolute(string path, string what) => path.StartsWith('/')
        ? path
        : throw Invalid($"The {what} '{path}' is no absolute path inside the container. Give one that begins with '/'.");

    private static string Port(string text)
    {
        Match match = PortPattern().Match(text);
        bool valid = match.Success
            && ushort.TryParse(match.Groups["first"].Value, out ushort first) && first > 0
            && (!match.Groups["last"].Success || (ushort.TryParse(match.Groups["last"].Value, out ushort last) && last >= first));
        return !valid
            ? throw Invalid($"'{text}' is not a port: give a number up to 65535 or a range, with the protocol where it is not TCP, such as 80, 53/udp or 8000-8010/tcp.")
            : match.Groups["protocol"].Success ? text : text + "/tcp";
    }

    private static ContainerdException Invalid(string message) => new(ContainerdErrorCode.InvalidArgument, message) { Reason = "InvalidImageConfig" };

    [GeneratedRegex("^(?<first>[0-9]{1,5})(-(?<last>[0-9]{1,5}))?(/(?<protocol>tcp|udp|sctp))?$", RegexOptions.CultureInvariant)]
    private static partial Regex PortPattern();
}
