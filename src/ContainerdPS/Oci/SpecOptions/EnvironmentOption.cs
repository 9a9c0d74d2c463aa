namespace ContainerdPS.Oci.SpecOptions;

/// <summary>The environment of a process.</summary>
internal static class EnvironmentOption
{
    private const string Reason = "InvalidEnvironment";

    /// <summary>Sets the image's environment, or a search path when it has none at all.</summary>
    public static void ApplyImage(SpecProcess process, ImageConfig? image)
    {
        process.Env ??= [];
        Merge(process.Env, image?.Env is { Count: > 0 } env ? env : [DefaultSpec.DefaultPath]);
    }

    /// <summary>Sets what the user wants: <c>NAME=VALUE</c> replaces or adds, <c>NAME</c> alone removes.</summary>
    public static void Apply(SpecProcess process, IReadOnlyList<string>? entries)
    {
        foreach (string entry in entries ?? [])
        {
            if (entry.Length == 0 || entry[0] == '=' || entry.Contains('\0', StringComparison.Ordinal))
            {
                throw Invalid.Value(Reason, $"'{entry}' is not an environment entry; give NAME=VALUE, or NAME to remove it.");
            }
        }

        process.Env ??= [];
        Merge(process.Env, entries ?? []);
    }

    private static void Merge(List<string> environment, IReadOnlyList<string> entries)
    {
        foreach (string entry in entries)
        {
            int equals = entry.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? entry : entry[..equals];
            int index = environment.FindIndex(present => IsNamed(present, name));
            if (equals < 0)
            {
                environment.RemoveAll(present => IsNamed(present, name));
            }
            else if (index >= 0)
            {
                environment[index] = entry;
            }
            else
            {
                environment.Add(entry);
            }
        }
    }

    /// <summary>Whether an entry sets the variable of a name.</summary>
    internal static bool IsNamed(string entry, string name) =>
        entry.StartsWith(name, StringComparison.Ordinal) && (entry.Length == name.Length || entry[name.Length] == '=');
}
