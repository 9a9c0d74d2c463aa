namespace ContainerdPS.Commands;

/// <summary>How far several transfers are that run at once, added up.</summary>
internal sealed class TransferProgress
{
    private readonly List<Transfer> transfers = [];

    /// <summary>Ends when all transfers begun so far have.</summary>
    public Task Ended
    {
        get
        {
            lock (transfers)
            {
                return Task.WhenAll(transfers.Select(static transfer => transfer.Ended.Task));
            }
        }
    }

    /// <summary>Runs a transfer that tells how many bytes it has moved, and of how many.</summary>
    public Func<CancellationToken, Task<T>> Follow<T>(Func<Action<long, long?>, CancellationToken, Task<T>> work)
    {
        var transfer = new Transfer();
        lock (transfers)
        {
            transfers.Add(transfer);
        }

        return async cancellationToken =>
        {
            try
            {
                return await work(transfer.Report, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                transfer.Ended.SetResult();
            }
        };
    }

    /// <summary>The state in words, and the percentage done; -1 where a size is not known.</summary>
    public (string Status, int Percent) Look()
    {
        lock (transfers)
        {
            long moved = transfers.Sum(static transfer => transfer.Moved);
            long total = transfers.Sum(static transfer => transfer.Total ?? 0);
            int ended = transfers.Count(static transfer => transfer.Ended.Task.IsCompleted);
            bool known = transfers.TrueForAll(static transfer => transfer.Total is not null || transfer.Ended.Task.IsCompleted) && total > 0;
            string count = transfers.Count > 1 ? $"{ended} of {transfers.Count}, " : string.Empty;
            return ($"{count}{Formatting.Size(moved)}{(known ? $" of {Formatting.Size(total)}" : string.Empty)}", known ? (int)(moved * 100 / total) : -1);
        }
    }

    private sealed class Transfer
    {
        private long moved;
        private long total = -1;

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public long Moved => Volatile.Read(ref moved);

        public long? Total => Volatile.Read(ref total) is >= 0 and var known ? known : null;

        public void Report(long bytes, long? of)
        {
            Volatile.Write(ref moved, bytes);
            Volatile.Write(ref total, of ?? -1);
        }
    }
}
