namespace ContainerdPS.Images;

/// <summary>What ends an operation though nothing is wrong with its object: a daemon that is gone, or has no room. It is told without what was being done.</summary>
internal static class Interruption
{
    /// <summary>Does something, and says what it was where it is interrupted.</summary>
    /// <param name="what">What could not be done then, to which object: a sentence without its end.</param>
    /// <param name="name">What an error has in it that says so already; null where none does.</param>
    /// <param name="work">What is done.</param>
    public static async Task<T> NamedAsync<T>(string what, string? name, Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (ContainerdException e) when (IsOne(e) && (name is null || !e.Message.Contains(name, StringComparison.Ordinal)))
        {
            throw Explain(what, e);
        }
    }

    /// <inheritdoc cref="NamedAsync{T}"/>
    public static Task NamedAsync(string what, string? name, Func<Task> work) => NamedAsync(
        what,
        name,
        async () =>
        {
            await work().ConfigureAwait(false);
            return true;
        });

    private static bool IsOne(ContainerdException e) =>
        FullDisk.Is(e) || e is { Reason: not null, Code: ContainerdErrorCode.Unavailable or ContainerdErrorCode.DeadlineExceeded };

    private static ContainerdException Explain(string what, ContainerdException e) => e.Undone is null && FullDisk.Is(e)
        ? FullDisk.Error(what, string.Empty, e)
        : new ContainerdException(e.Code, $"{what}: {(e.Undone is null ? e.Message : Within(e.Message))}", e)
        {
            Reason = e.Reason,
            ObjectKind = e.ObjectKind,
            ObjectId = e.ObjectId,
            DaemonMessage = e.DaemonMessage,
            Undone = e.Undone is null ? what : $"{what}: {Within(e.Undone)}",
        };

    /// <summary>A sentence that begins with a word of ours, in the middle of another.</summary>
    private static string Within(string sentence) => char.ToLowerInvariant(sentence[0]) + sentence[1..];
}
