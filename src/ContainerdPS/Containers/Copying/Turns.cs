namespace ContainerdPS.Containers.Copying;

/// <summary>Has the copies of one command to one place done one after the other, in the order they were asked for.</summary>
internal sealed class Turns
{
    private readonly Dictionary<object, Task> last = [];

    /// <summary>Queues for a place. To be called on one thread, in the order of the turns.</summary>
    public Turn Take(CopyEnd destination)
    {
        object place = destination is { Client: { } client, Container: { } container }
            ? (client.Session, client.Namespace, container)
            : destination.Path.FullName;
        var turn = new Turn(last.GetValueOrDefault(place, Task.CompletedTask));
        last[place] = turn.Over;
        return turn;
    }
}

/// <summary>One turn: it comes when the one before is over, and must be ended.</summary>
internal sealed class Turn(Task before) : IDisposable
{
    private readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Over => over.Task;

    public Task WaitAsync(CancellationToken cancellationToken) => before.WaitAsync(cancellationToken);

    public void Dispose() => over.TrySetResult();
}
