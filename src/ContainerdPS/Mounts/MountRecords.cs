using System.Text.Json;
using ContainerdPS.Native;

namespace ContainerdPS.Mounts;

/// <summary>
/// The mounts of ours on this machine: a file each in a folder that a restart of the machine empties, as it ends the mounts.
/// What the kernel does not have any more is forgotten when it is read.
/// </summary>
internal static class MountRecords
{
    private const string Folder = "/run/containerdps/mounts";

    /// <summary>The mount namespace of this process, by the kernel's name for it.</summary>
    public static string MountNamespace => new FileInfo("/proc/self/ns/mnt").LinkTarget ?? string.Empty;

    /// <summary>Mounts that are there, the latest first: the order they can be ended in.</summary>
    public static IReadOnlyList<MountRecord> All()
    {
        if (!Directory.Exists(Folder))
        {
            return [];
        }

        var found = new List<MountRecord>();
        List<MountEntry>? mounts = null;
        foreach (string file in Directory.GetFiles(Folder, "*.json"))
        {
            if (Read(file) is not { } record || record.MountNamespace != MountNamespace)
            {
                continue;
            }

            mounts ??= MountTable.All();
            if (mounts.Exists(record.IsOf))
            {
                found.Add(record);
            }
            else
            {
                Delete(file);
            }
        }

        return [.. found.OrderByDescending(static record => record.MountedAt)];
    }

    /// <summary>Mounts of one snapshot, made for it or over a view of it.</summary>
    public static IReadOnlyList<MountRecord> Of(string address, string @namespace, string snapshotter, string key) =>
        [.. All().Where(record => record.Address == address && record.Namespace == @namespace && record.Snapshotter == snapshotter && (record.Key == key || record.View == key))];

    /// <summary>What is known of a mount; null for one of somebody else's.</summary>
    public static MountRecord? Of(MountEntry mount) => All().FirstOrDefault(record => record.IsOf(mount));

    /// <summary>What a mount shows, in words.</summary>
    public static string Describe(MountEntry mount) => Of(mount) is { } record ? $"the {record.Describe()}" : $"a filesystem of the type '{mount.Type}'";

    /// <summary>Another mount namespace in which something of ours is mounted at a path; null for none.</summary>
    public static string? OtherNamespace(string path) => !Directory.Exists(Folder) ? null : Directory.GetFiles(Folder, "*.json")
        .Select(Read).FirstOrDefault(record => record is not null && record.Path == path && record.MountNamespace != MountNamespace)?.MountNamespace;

    public static void Add(MountRecord record)
    {
        if (LinuxOnly.IsHere)
        {
            Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        string file = FileOf(record);
        string temporary = $"{file}.{Path.GetRandomFileName()}";
        File.WriteAllText(temporary, JsonSerializer.Serialize(record, MountRecordJsonContext.Default.MountRecord));
        File.Move(temporary, file, overwrite: true);
    }

    public static void Remove(MountRecord record) => Delete(FileOf(record));

    private static string FileOf(MountRecord record) => Path.Join(Folder, $"{record.Id}.json");

    private static MountRecord? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(file), MountRecordJsonContext.Default.MountRecord);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            // Another shell takes it away just now, or it is none of ours.
            return null;
        }
    }

    private static void Delete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Whoever may mount may delete; to the others it is of no use.
        }
    }
}
