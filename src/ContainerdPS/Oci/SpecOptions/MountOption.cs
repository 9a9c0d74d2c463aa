namespace ContainerdPS.Oci.SpecOptions;

/// <summary>Mounts beyond the default ones, and their text forms.</summary>
internal static class MountOption
{
    private const string Reason = "InvalidMount";

    /// <summary>Adds mounts; one whose destination is taken replaces what was there, in its place in the order.</summary>
    public static void Apply(RuntimeSpec spec, IReadOnlyList<SpecMount>? mounts)
    {
        spec.Mounts ??= [];
        foreach (SpecMount wanted in mounts ?? [])
        {
            SpecMount mount = Complete(wanted);
            int index = spec.Mounts.FindIndex(present => present.Destination == mount.Destination);
            if (index >= 0)
            {
                spec.Mounts[index] = mount;
            }
            else
            {
                spec.Mounts.Add(mount);
            }
        }
    }

    /// <summary>
    /// Reads a mount from text: <c>SOURCE:DESTINATION[:OPTIONS]</c> (a bind mount; options parted by commas), or
    /// <c>type=T,source=S,destination=D,options=a:b</c>, where <c>src</c>, <c>dst</c>, <c>target</c>, <c>ro</c> and
    /// <c>readonly</c> are understood too and all other entries are mount options.
    /// </summary>
    /// <exception cref="ContainerdException">The text is no mount.</exception>
    public static SpecMount Parse(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return Complete(equals >= 0 && (colon < 0 || equals < colon) && text[0] != '/' ? ParseEntries(text) : ParseShort(text));
    }

    private static SpecMount ParseShort(string text)
    {
        string[] parts = text.Split(':');
        if (parts.Length is < 2 or > 3)
        {
            throw NotAMount(text);
        }

        return new SpecMount
        {
            Type = "bind",
            Source = parts[0],
            Destination = parts[1],
            Options = parts.Length == 3 ? [.. parts[2].Split(',', StringSplitOptions.RemoveEmptyEntries)] : null,
        };
    }

    private static SpecMount ParseEntries(string text)
    {
        var mount = new SpecMount();
        var options = new List<string>();
        foreach (string entry in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = entry.IndexOf('=', StringComparison.Ordinal);
            string key = equals < 0 ? entry : entry[..equals];
            string value = equals < 0 ? "" : entry[(equals + 1)..];
            switch (key.ToLowerInvariant())
            {
                case "type":
                    mount.Type = value;
                    break;
                case "source" or "src":
                    mount.Source = value;
                    break;
                case "destination" or "dst" or "target":
                    mount.Destination = value;
                    break;
                case "options":
                    options.AddRange(value.Split(':', StringSplitOptions.RemoveEmptyEntries));
                    break;
                case "readonly" or "ro" when value is "" or "true" or "1":
                    options.Add("ro");
                    break;
                case "readonly" or "ro" when value is "false" or "0":
                    break;
                default:
                    options.Add(entry);
                    break;
            }
        }

        mount.Options = options.Count > 0 ? options : null;
        return mount.Destination is null ? throw NotAMount(text) : mount;
    }

    private static SpecMount Complete(SpecMount wanted)
    {
        Invalid.RequireAbsolute(Reason, wanted.Destination, "destination of a mount");
        string[] segments = wanted.Destination!.Split('/');
        if (Array.Exists(segments, segment => segment == ".."))
        {
            throw Invalid.Value(Reason, $"The destination of a mount '{wanted.Destination}' must not hold '..'.");
        }

        if (Normalize(segments) == "/")
        {
            throw Invalid.Value(Reason, "A mount at '/' would hide the container's whole root file system; give a folder below it.");
        }

        var options = new List<string>(wanted.Options ?? []);
        string type = !string.IsNullOrEmpty(wanted.Type) ? wanted.Type
            : string.IsNullOrEmpty(wanted.Source) ? throw Invalid.Value(Reason, $"The mount at '{wanted.Destination}' has neither a type nor a source.")
            : "bind";
        string? source = wanted.Source;
        if (type == "bind")
        {
            Invalid.RequireAbsolute(Reason, source, $"source of the bind mount at '{wanted.Destination}'");
            if (!options.Contains("bind") && !options.Contains("rbind"))
            {
                options.Insert(0, "rbind");
            }

            if (options.Contains("ro") && options.Contains("rw"))
            {
                throw Invalid.Value(Reason, $"The mount at '{wanted.Destination}' is said to be both read-only (ro) and writable (rw).");
            }
        }

        return new SpecMount
        {
            Destination = Normalize(segments),
            Type = type,
            Source = string.IsNullOrEmpty(source) ? type : source,
            Options = options.Count > 0 ? options : null,
            UidMappings = wanted.UidMappings,
            GidMappings = wanted.GidMappings,
            ExtensionData = wanted.ExtensionData,
        };
    }

    // "/dev/shm/" and "/dev//shm" are "/dev/shm": destinations are compared as text.
    private static string Normalize(string[] segments) => "/" + string.Join('/', segments.Where(segment => segment is not ("" or ".")));

    private static ContainerdException NotAMount(string text) => Invalid.Value(
        Reason,
        $"'{text}' is not a mount; give SOURCE:DESTINATION, SOURCE:DESTINATION:ro, or type=tmpfs,destination=/path,options=size=64m.");
}
