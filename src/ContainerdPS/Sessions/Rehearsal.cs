using ContainerdPS.Services;
using ContainerdPS.Transport;

namespace ContainerdPS.Sessions;

/// <summary>
/// Makes the calls of a first listing once, to a daemon of a few bytes in memory, while the shell is still importing. Most
/// of the time to the first object goes into compiling and linking the HTTP and gRPC libraries, and that is the same work
/// whoever answers; here a second processor does it meanwhile. Nothing outside of the process is touched.
/// </summary>
internal static class Rehearsal
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Begins it on another thread, where there is a processor to spare.</summary>
    public static void Begin()
    {
        if (Environment.ProcessorCount > 1)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static _ => _ = HoldAsync(), null);
        }
    }

    /// <summary>One call of each kind that a first listing makes.</summary>
    /// <returns>How many of them were answered.</returns>
    internal static async Task<int> HoldAsync()
    {
        int answered = 0;
        try
        {
            using var cancel = new CancellationTokenSource(Limit);
            using var connection = new ContainerdClient(new RehearsalConnector(), Limit);
            var session = new ContainerdSession(nameof(Rehearsal), "default", Limit, connection);
            var client = new NamespaceClient(session, session.Namespace);
            _ = await client.Version.GetAsync(cancel.Token).ConfigureAwait(false);
            answered++;
            await foreach (Wire.ContainersV1.Container _ in client.Containers.ListAsync([], cancel.Token).ConfigureAwait(false))
            {
                answered++;
            }

            _ = await client.Tasks.ListAsync(cancel.Token).ConfigureAwait(false);
            answered++;
        }
#pragma warning disable CA1031 // Nobody waits for it, and nothing is lost: what it did not reach is compiled at the first call.
        catch (Exception)
#pragma warning restore CA1031
        {
        }

        return answered;
    }
}
