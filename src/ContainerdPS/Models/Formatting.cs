using System.ComponentModel;
using System.Globalization;

namespace ContainerdPS;

/// <summary>What the views of this module show for values that have no short text of their own. Not for scripts.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Formatting
{
    private const int ShortDigest = 12;

    /// <summary>How long ago something was, in the largest unit that fits, such as <c>3m</c>.</summary>
    /// <param name="time">When it was.</param>
    /// <returns>The age; empty for no time.</returns>
    public static string Age(DateTimeOffset time)
    {
        if (time == default)
        {
            return string.Empty;
        }

        TimeSpan age = DateTimeOffset.Now - time;
        return age.TotalSeconds < 0 ? "0s"
            : age.TotalMinutes < 1 ? $"{(int)age.TotalSeconds}s"
            : age.TotalHours < 1 ? $"{(int)age.TotalMinutes}m"
            : age.TotalDays < 2 ? $"{(int)age.TotalHours}h"
            : $"{(int)age.TotalDays}d";
    }

    /// <summary>The first digits of a digest, without its algorithm.</summary>
    /// <param name="digest">The digest.</param>
    /// <returns>Twelve hexadecimal digits.</returns>
    public static string Digest(string? digest)
    {
        string hex = digest is null ? string.Empty : digest[(digest.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return hex.Length > ShortDigest ? hex[..ShortDigest] : hex;
    }

    /// <summary>What a media type names, without who registered it, such as <c>image.layer.v1.tar+gzip</c>.</summary>
    /// <param name="mediaType">The media type.</param>
    /// <returns>The short name; empty when there is none.</returns>
    public static string MediaType(string? mediaType)
    {
        const string Oci = "application/vnd.oci.";
        const string Docker = "application/vnd.";
        return mediaType is null ? string.Empty
            : mediaType.StartsWith(Oci, StringComparison.Ordinal) ? mediaType[Oci.Length..]
            : mediaType.StartsWith(Docker, StringComparison.Ordinal) ? mediaType[Docker.Length..]
            : mediaType;
    }

    /// <summary>A number of bytes with a binary unit, such as <c>1.9 MiB</c>.</summary>
    /// <param name="bytes">The number.</param>
    /// <returns>The size; empty when it is not known.</returns>
    public static string Size(long? bytes)
    {
        if (bytes is not { } count)
        {
            return string.Empty;
        }

        ReadOnlySpan<string> units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
        double value = count;
        int unit = 0;
        while (value >= 1024 && unit < units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        // Four digits need no fifth: 1006 KiB, so that every size fits nine characters.
        string number = value.ToString(value < 999.95 ? "0.#" : "0", CultureInfo.CurrentCulture);
        return $"{number} {units[unit]}";
    }

    /// <summary>A per cent number with one digit after the point.</summary>
    /// <param name="percent">The number.</param>
    /// <returns>Such as <c>12.5</c>; empty when it is not known.</returns>
    public static string Percent(double? percent) => percent is { } value ? string.Create(CultureInfo.CurrentCulture, $"{value:0.0}") : string.Empty;

    /// <summary>The key of a snapshot, with the lines of the tree it was found in.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <returns>The key; the chain id of a layer in short.</returns>
    public static string SnapshotKey(ContainerSnapshot? snapshot) => snapshot?.Branch + Key(snapshot?.Key);

    /// <summary>A key as people read it: of a chain id the first digits, everything else as it is.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The short key.</returns>
    public static string Key(string? key) =>
        key is { Length: 71 } && key.StartsWith("sha256:", StringComparison.Ordinal) ? key[..("sha256:".Length + ShortDigest)] : key ?? string.Empty;

    /// <summary>What a change of files is one of.</summary>
    /// <param name="change">The change.</param>
    /// <returns>Such as <c>container web against its image</c>.</returns>
    public static string Compared(ContainerdFileChange? change) => change?.Compared ?? string.Empty;

    /// <summary>What one of two images has, as a table shows it.</summary>
    /// <param name="difference">The difference.</param>
    /// <param name="value">One of its values.</param>
    /// <returns>Sizes with a unit, digests short, a layer with its size.</returns>
    public static string Difference(ContainerImageDifference? difference, object? value) => value switch
    {
        long size => Size(size),
        string digest when difference?.Part == ContainerImagePart.Layer => $"{Key(digest)} {Size(difference.Size)}",
        string text => Key(text),
        _ => string.Empty,
    };

    /// <summary>A time span in seconds or milliseconds.</summary>
    /// <param name="span">The time span.</param>
    /// <returns>Such as <c>125 ms</c> or <c>3.2 s</c>.</returns>
    public static string Duration(TimeSpan span) => span.TotalSeconds < 1
        ? string.Create(CultureInfo.CurrentCulture, $"{span.TotalMilliseconds:0} ms")
        : string.Create(CultureInfo.CurrentCulture, $"{span.TotalSeconds:0.#} s");

    /// <summary>An image's name as people write it: busybox:latest, not docker.io/library/busybox:latest.</summary>
    /// <param name="name">The full name.</param>
    /// <returns>The short name.</returns>
    public static string Image(string? name)
    {
        const string Hub = "docker.io/";
        const string Official = "library/";
        if (name is null || !name.StartsWith(Hub, StringComparison.Ordinal))
        {
            return name ?? string.Empty;
        }

        string rest = name[Hub.Length..];
        return rest.StartsWith(Official, StringComparison.Ordinal) ? rest[Official.Length..] : rest;
    }

    /// <summary>The bytes of an extension in one line: its text, else hexadecimal digits.</summary>
    /// <param name="extension">The extension.</param>
    /// <returns>At most 200 characters.</returns>
    public static string Extension(ContainerExtension? extension)
    {
        const int MaxText = 200;
        const int MaxBytes = 32;
        if (extension is null)
        {
            return string.Empty;
        }

        if (extension.Text is { } text)
        {
            string line = text.ReplaceLineEndings(" ");
            return line.Length > MaxText ? line[..(MaxText - 3)] + "..." : line;
        }

        byte[] value = extension.Value;
        return value.Length > MaxBytes ? Convert.ToHexString(value, 0, MaxBytes) + "..." : Convert.ToHexString(value);
    }

    /// <summary>Labels in one text.</summary>
    /// <param name="labels">The labels.</param>
    /// <returns><c>KEY=VALUE</c>, sorted by key, with commas between them.</returns>
    public static string Labels(IReadOnlyDictionary<string, string>? labels) =>
        labels is null ? string.Empty : string.Join(", ", labels.OrderBy(static label => label.Key, StringComparer.Ordinal).Select(static label => $"{label.Key}={label.Value}"));

    /// <summary>A state, coloured where the shell colours its output.</summary>
    /// <param name="status">The state.</param>
    /// <returns>The state's name.</returns>
    public static string Status(ContainerStatus status)
    {
        string colour = status switch
        {
            ContainerStatus.Running => "\u001b[32m",
            ContainerStatus.Paused or ContainerStatus.Pausing => "\u001b[33m",
            ContainerStatus.Unknown => "\u001b[31m",
            ContainerStatus.NoTask or ContainerStatus.Stopped => "\u001b[2m",
            _ => string.Empty,
        };
        return colour.Length == 0 ? status.ToString() : $"{colour}{status}\u001b[0m";
    }

    /// <summary>Type and permissions of an item as <c>ls -l</c> shows them.</summary>
    /// <param name="item">The item.</param>
    /// <returns>Such as <c>-rw-r--r--</c>.</returns>
    public static string Mode(ContainerItem? item)
    {
        if (item is null)
        {
            return string.Empty;
        }

        char[] text = "?rwxrwxrwx".ToCharArray();
        text[0] = item.Kind switch { ContainerItemKind.Folder => 'd', ContainerItemKind.SymbolicLink => 'l', ContainerItemKind.Fifo => 'p', _ => '-' };
        for (int bit = 0; bit < 9; bit++)
        {
            if (((int)item.Mode & (1 << (8 - bit))) == 0)
            {
                text[bit + 1] = '-';
            }
        }

        // The bits that are shown in place of who may execute.
        (UnixFileMode Bit, int Place, char Shown)[] special = [(UnixFileMode.SetUser, 3, 's'), (UnixFileMode.SetGroup, 6, 's'), (UnixFileMode.StickyBit, 9, 't')];
        foreach ((UnixFileMode bit, int place, char shown) in special)
        {
            if (item.Mode.HasFlag(bit))
            {
                text[place] = text[place] == 'x' ? shown : char.ToUpperInvariant(shown);
            }
        }

        return new string(text);
    }
}
