using ContainerdPS.Wire.Types;

namespace ContainerdPS.Processes;

/// <summary>A mount of a task's root filesystem as users write it.</summary>
internal static class RootMount
{
    /// <summary>Reads <c>/FOLDER</c> (a bind mount), <c>/FOLDER:ro</c> or <c>type=T,source=S[,target=D][,options=a:b]</c>.</summary>
    public static Mount Parse(string text)
    {
        if (text.StartsWith('/'))
        {
            string[] parts = text.Split(':');
            if (parts.Length > 2 || (parts.Length == 2 && parts[1] is not ("ro" or "rw")))
            {
                throw Invalid(text);
            }

            return new Mount { Type = "bind", Source = parts[0], Options = { "rbind", parts.Length == 2 ? parts[1] : "rw" } };
        }

        var mount = new Mount();
        foreach (string entry in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = entry.IndexOf('=', StringComparison.Ordinal);
            string value = equals < 0 ? throw Invalid(text) : entry[(equals + 1)..];
            switch (entry[..equals].ToLowerInvariant())
            {
                case "type":
                    mount.Type = value;
                    break;
                case "source" or "src":
                    mount.Source = value;
                    break;
                case "target" or "destination" or "dst":
                    mount.Target = value;
                    break;
                case "options":
                    mount.Options.AddRange(Options(value));
                    break;
                default:
                    throw Invalid(text);
            }
        }

        return mount.Type.Length == 0 || mount.Source.Length == 0 ? throw Invalid(text) : mount;
    }

    /// <summary>Colons part options, and the folders within one: what has no = after a lowerdir belongs to it.</summary>
    private static IEnumerable<string> Options(string text)
    {
        string? layers = null;
        foreach (string option in text.Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            if (layers is not null && option.StartsWith('/'))
            {
                layers += ":" + option;
                continue;
            }

            if (layers is not null)
            {
                yield return layers;
                layers = null;
            }

            if (option.StartsWith("lowerdir=", StringComparison.Ordinal))
            {
                layers = option;
            }
            else
            {
                yield return option;
            }
        }

        if (layers is not null)
        {
            yield return layers;
        }
    }

    private static ContainerdException Invalid(string text) => new(
        ContainerdErrorCode.InvalidArgument,
        $"'{text}' is not a mount of a root filesystem. Give '/folder', '/folder:ro', or 'type=T,source=S,options=A:B', in quotes because of its commas.") { Reason = "InvalidMount" };
}
