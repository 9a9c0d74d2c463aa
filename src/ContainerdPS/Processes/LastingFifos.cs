using System.Security.Cryptography;
using System.Text;
using ContainerdPS.Services;
using ContainerdPS.TaskIO;

namespace ContainerdPS.Processes;

/// <summary>
/// The fifos of processes that outlive the command that started them: they stay for whoever attaches later. The daemon
/// forgets the streams of a task whose shim was killed, and does not list the further processes that have ended in a task,
/// so those of a container are found by the name of their folder when its task goes.
/// </summary>
internal static class LastingFifos
{
    private const int MarkLength = 16;

    /// <summary>Makes them, and holds the outputs for the first who attaches.</summary>
    /// <param name="client">Where the container is.</param>
    /// <param name="address">The process they are for.</param>
    /// <param name="terminal">Whether it runs on a terminal.</param>
    /// <param name="root">The folder to make them in; null for the daemon's own.</param>
    public static FifoSet Create(NamespaceClient client, ProcessAddress address, bool terminal, string? root = null)
    {
        FifoSet fifos = FifoSet.Create(address.Name, stdin: true, terminal, root ?? client.Session.Daemon?.FifoDirectory, Mark(client, address.Container)).Released();
        try
        {
            KeptOutput.Hold(fifos);
            return fifos;
        }
        catch
        {
            fifos.Remove();
            throw;
        }
    }

    /// <summary>Removes those of a task that is gone, and of all processes that were in it.</summary>
    public static void RemoveAll(NamespaceClient client, string container)
    {
        if (client.Session.IsLocal)
        {
            FifoSet.RemoveMarked(Mark(client, container), client.Session.Daemon?.FifoDirectory);
            KeptOutput.Prune();
        }
    }

    private static string Mark(NamespaceClient client, string container)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{client.Session.Address}\n{client.Namespace}\n{container}"));
        return $"{Convert.ToHexString(hash)[..MarkLength].ToLowerInvariant()}-";
    }
}
