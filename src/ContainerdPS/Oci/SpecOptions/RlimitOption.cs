using System.Globalization;

namespace ContainerdPS.Oci.SpecOptions;

/// <summary>Resource limits of a process, written <c>name=soft</c> or <c>name=soft:hard</c>.</summary>
internal static class RlimitOption
{
    private const string Reason = "InvalidResourceLimit";

    private static readonly string[] Names =
    [
        "AS", "CORE", "CPU", "DATA", "FSIZE", "LOCKS", "MEMLOCK", "MSGQUEUE", "NICE", "NOFILE", "NPROC", "RSS", "RTPRIO", "RTTIME",
        "SIGPENDING", "STACK",
    ];

    public static void Apply(SpecProcess process, IReadOnlyList<string>? limits)
    {
        foreach (string text in limits ?? [])
        {
            SpecRlimit limit = Parse(text);
            process.Rlimits ??= [];
            process.Rlimits.RemoveAll(present => present.Type == limit.Type);
            process.Rlimits.Add(limit);
        }
    }

    public static SpecRlimit Parse(string text)
    {
        string[] parts = text.Split('=');
        string name = parts[0].ToUpperInvariant();
        name = name.StartsWith("RLIMIT_", StringComparison.Ordinal) ? name["RLIMIT_".Length..] : name;
        string[] values = parts.Length == 2 ? parts[1].Split(':') : [];
        if (!Names.Contains(name) || values.Length is < 1 or > 2 || !TryValue(values[0], out ulong soft) || !TryValue(values[^1], out ulong hard))
        {
            throw Invalid.Value(Reason, $"'{text}' is not a resource limit; give name=soft or name=soft:hard, such as nofile=1024:4096 or core=unlimited.");
        }

        return soft <= hard
            ? new SpecRlimit { Type = "RLIMIT_" + name, Soft = soft, Hard = hard }
            : throw Invalid.Value(Reason, $"The resource limit '{text}' has a soft limit above its hard limit.");
    }

    private static bool TryValue(string text, out ulong value)
    {
        if (text is "unlimited" or "-1")
        {
            value = ulong.MaxValue;
            return true;
        }

        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }
}
