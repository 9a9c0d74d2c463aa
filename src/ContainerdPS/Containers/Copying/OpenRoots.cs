using ContainerdPS.Containers.Roots;
using ContainerdPS.Files;
using ContainerdPS.Services;

namespace ContainerdPS.Containers.Copying;

/// <summary>The files of the containers one command works on, each opened once and closed with it. For many threads.</summary>
internal sealed class OpenRoots : IDisposable
{
    private static readonly Task<FileRoot> Local = Task.FromResult(FileRoot.Local);

    private readonly Dictionary<(ContainerdSession Session, string Namespace, string Container, bool ForWriting), Task<FileRoot>> roots = [];

    /// <summary>The files of one end of a copy.</summary>
    /// <exception cref="ContainerdException">See <see cref="ContainerRoots.OpenAsync"/>; the same for each who asks.</exception>
    public Task<FileRoot> GetAsync(CopyEnd end, bool forWriting, CancellationToken cancellationToken)
    {
        if (end is not { Client: { } client, Container: { } container })
        {
            return Local;
        }

        lock (roots)
        {
            // What can be written can be read, and two views of one snapshot would not see each other's changes.
            if (roots.TryGetValue((client.Session, client.Namespace, container, true), out Task<FileRoot>? found)
                || roots.TryGetValue((client.Session, client.Namespace, container, forWriting), out found))
            {
                return found;
            }

            found = ContainerRoots.OpenAsync(client, container, forWriting, cancellationToken);
            roots.Add((client.Session, client.Namespace, container, forWriting), found);
            return found;
        }
    }

    public void Dispose()
    {
        lock (roots)
        {
            foreach (Task<FileRoot> root in roots.Values)
            {
                // One that is still being opened is closed as soon as it is.
                _ = root.ContinueWith(
                    static opened => opened.Result.Dispose(),
                    CancellationToken.None,
                    TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default);
            }

            roots.Clear();
        }
    }
}
