using System.Management.Automation;
using ContainerdPS.Images.Progress;

namespace ContainerdPS.Commands;

/// <summary>Progress bars of images: one for each that is on its way, and one below it for each of its parts that is.</summary>
internal sealed class ProgressBars
{
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private const int PartsOfAnImage = 10_000;

    private readonly List<(ImageProgress Image, string Activity)> images = [];
    private readonly Dictionary<int, (ProgressRecord Record, Func<ProgressRecord?> Last)> shown = [];

    public void Add(ImageProgress image, string activity) => images.Add((image, activity));

    /// <summary>Shows how far all is until work ends. Whatever ends the showing, the work has ended then too; what became of it, the task tells.</summary>
    /// <param name="going">The work.</param>
    /// <param name="write">Writes a record.</param>
    /// <param name="meanwhile">What else is done every time.</param>
    public async Task ShowAsync(Task going, Action<ProgressRecord> write, Action? meanwhile = null)
    {
        try
        {
            while (!going.IsCompleted)
            {
                meanwhile?.Invoke();
                Draw(write);
                await Task.WhenAny(going, Task.Delay(Interval));
            }
        }
        finally
        {
            // Whatever ended the showing: what was begun is still to be taken back.
            await going.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    /// <summary>Takes all bars away.</summary>
    public void Clear(Action<ProgressRecord> write)
    {
        foreach (int id in shown.Keys.OrderDescending().ToArray())
        {
            End(id, write);
        }
    }

    /// <summary>Shows what has changed.</summary>
    private void Draw(Action<ProgressRecord> write)
    {
        var now = new Dictionary<int, (ProgressRecord Record, Func<ProgressRecord?> Last)>();
        for (int i = 0; i < images.Count; i++)
        {
            (ImageProgress image, string activity) = images[i];
            if (image.IsOver)
            {
                continue;
            }

            int id = (i + 1) * PartsOfAnImage;
            IReadOnlyList<PartProgress> parts = image.Parts;
            now[id] = (Whole(id, activity, image), () => image.Stage == "done" ? Whole(id, activity, image) : null);
            for (int at = 0; at < parts.Count; at++)
            {
                PartProgress part = parts[at];
                int partId = id + at + 1;
                if (part.State is PartState.Downloading or PartState.Uploading or PartState.Writing or PartState.Unpacking)
                {
                    now[partId] = (Part(partId, id, part), () => part.IsTransferred ? Part(partId, id, part) : null);
                }
            }
        }

        // A console draws when the first record comes, and what follows with the next first one: this is one it has, so that
        // what it draws belongs together.
        if (shown.Count > 0)
        {
            write(shown[shown.Keys.Min()].Record);
        }

        foreach (int id in shown.Keys.Where(id => !now.ContainsKey(id)).OrderDescending().ToArray())
        {
            End(id, write);
        }

        foreach ((int id, (ProgressRecord record, Func<ProgressRecord?> last)) in now)
        {
            ProgressRecord? before = shown.TryGetValue(id, out (ProgressRecord Record, Func<ProgressRecord?>) bar) ? bar.Record : null;

            // What broke and is begun anew is behind where it was: the bar waits for it there.
            record.PercentComplete = record.PercentComplete < 0 ? record.PercentComplete : Math.Max(record.PercentComplete, before?.Activity == record.Activity ? before.PercentComplete : 0);
            if (before?.StatusDescription != record.StatusDescription || before.PercentComplete != record.PercentComplete)
            {
                shown[id] = (record, last);
                write(record);
            }
        }
    }

    private static ProgressRecord Whole(int id, string activity, ImageProgress image)
    {
        IReadOnlyList<PartProgress> parts = image.Parts;
        (long done, long total) = image.Sum;
        done = image.Stage == "done" ? total : done;
        string status = total == 0 ? image.Stage : $"{Formatting.Size(done)} of {Formatting.Size(total)}, {parts.Count(static part => part.IsTransferred)} of {parts.Count} parts";

        // All that is there is not all that is done: it still gets its name.
        int most = image.Stage == "done" ? 100 : 99;
        return new ProgressRecord(id, $"{activity} {Formatting.Image(image.Image)}", status) { PercentComplete = image.IsMeasured ? Math.Min(most, Percent(done, total)) : -1 };
    }

    private static ProgressRecord Part(int id, int parent, PartProgress part) => new(id, $"{part.Label} {Formatting.Digest(part.Digest)}", part.State switch
    {
        PartState.Unpacking => "unpacking",
        _ => $"{Formatting.Size(part.Done)} of {Formatting.Size(part.Total)}",
    })
    {
        ParentActivityId = parent,
        PercentComplete = part.State == PartState.Unpacking ? -1 : Percent(part.Done, part.Total),
    };

    private static int Percent(long done, long total) => total == 0 ? -1 : (int)(done * 100 / total);

    private void End(int id, Action<ProgressRecord> write)
    {
        shown.Remove(id, out (ProgressRecord Record, Func<ProgressRecord?> Last) bar);
        ProgressRecord record = bar.Last() ?? bar.Record;
        if (!ReferenceEquals(record, bar.Record))
        {
            record.PercentComplete = 100;
            write(record);
        }

        write(new ProgressRecord(id, record.Activity, record.StatusDescription) { ParentActivityId = record.ParentActivityId, PercentComplete = record.PercentComplete, RecordType = ProgressRecordType.Completed });
    }
}
