using System.Collections.Concurrent;

namespace ContainerdPS.Images;

/// <summary>Tells who waits for a blob that it is there. What is not expected is not waited for.</summary>
internal sealed class Arrivals
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> expected = new(StringComparer.Ordinal);

    /// <summary>Has those who ask from now on wait for a blob.</summary>
    /// <returns>False when it is expected already.</returns>
    public bool TryExpect(string digest) => expected.TryAdd(digest, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>It is there.</summary>
    public void Arrived(string digest) => expected[digest].SetResult();

    /// <summary>Ends when it is there.</summary>
    public Task OfAsync(string digest, CancellationToken cancellationToken) =>
        expected.TryGetValue(digest, out TaskCompletionSource? arrival) ? arrival.Task.WaitAsync(cancellationToken) : Task.CompletedTask;
}
