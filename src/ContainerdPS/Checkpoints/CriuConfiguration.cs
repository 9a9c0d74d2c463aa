using System.Security.Cryptography;
using System.Text;
using ContainerdPS.Containers.Roots;
using ContainerdPS.Oci;
using ContainerdPS.Services;
using ContainerdPS.Wire.RuncOptions;

namespace ContainerdPS.Checkpoints;

/// <summary>
/// What CRIU has to be told for a restore. A dump that holds locks on files or open TCP connections is restored with them
/// only if CRIU is told so again; containerd has no way to, but runc gives CRIU the file that an annotation of the
/// container names. The files lie where those of other commands of this module do, until the machine is started anew, as
/// the task may be checkpointed again with them.
/// </summary>
internal static class CriuConfiguration
{
    private const string Annotation = "org.criu.config";
    private const string Folder = "/run/containerdps/criu";

    /// <summary>What runc takes without the annotation: it goes on to hold.</summary>
    private const string Host = "/etc/criu/runc.conf";

    /// <summary>Has the spec name a configuration that restores what the dump holds, where that can be.</summary>
    /// <returns>Whether it names one now that it did not before.</returns>
    public static bool Add(NamespaceClient client, RuntimeSpec spec, CheckpointOptions options)
    {
        if (!client.Session.IsLocal || !OperatingSystem.IsLinux() || spec.Annotations?.ContainsKey(Annotation) == true)
        {
            return false;
        }

        var lines = new List<string>();
        if (options.FileLocks)
        {
            lines.Add("file-locks");
        }

        if (options.OpenTcp)
        {
            lines.Add("tcp-established");
        }

        if (lines.Count == 0 || Write(lines) is not { } path || !IsSeen(client, path))
        {
            return false;
        }

        (spec.Annotations ??= [])[Annotation] = path;
        return true;
    }

    /// <summary>Takes that back: the spec is for other hosts too, and the file is of this one.</summary>
    public static void Remove(RuntimeSpec spec)
    {
        if (spec.Annotations?.Remove(Annotation) == true && spec.Annotations.Count == 0)
        {
            spec.Annotations = null;
        }
    }

    /// <summary>Whether the daemon has the file too: a daemon elsewhere has not, nor one with a root of its own.</summary>
    private static bool IsSeen(NamespaceClient client, string path)
    {
        try
        {
            return File.Exists($"/proc/{DaemonProcess.Find(client.Session.Address).Id}/root{path}");
        }
        catch (ContainerdException)
        {
            return false;
        }
    }

    private static string? Write(List<string> lines)
    {
        try
        {
            string text = (File.Exists(Host) ? File.ReadAllText(Host).TrimEnd('\n') + "\n" : string.Empty) + string.Join('\n', lines) + "\n";
            string path = Path.Combine(Folder, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16].ToLowerInvariant() + ".conf");
            if (!File.Exists(path))
            {
                Directory.CreateDirectory(Folder);
                string written = $"{path}.{Guid.NewGuid():N}";
                File.WriteAllText(written, text);
                File.Move(written, path, overwrite: true);
            }

            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not root: CRIU says what it misses.
            return null;
        }
    }
}
