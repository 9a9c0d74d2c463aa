using System.Management.Automation;
using ContainerdPS.Images.Progress;

namespace ContainerdPS.Commands;

/// <summary>Progress bars of images: one for each that is on its way, and one below it for each of its parts that is.</summary>
internal sealed class ProgressBars
{
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private const int PartsOfAnImage = 10_000;

    private readonly List<(ImageProgress Image, string Activity)> images = [];
    private readonly Dictionary<int, ProgressRecord> shown = [];

    public void Add(ImageProgress image, string activity) => images.Add((image, activity));

    /// <summary>Shows what has changed.</summary>
    public void Draw(Action<ProgressRecord> write)
    {
        var now = new Dictionary<int, ProgressRecord>();
        for (int i = 0; i < images.Count; i++)
        {
            (ImageProgress image, string activity) = images[i];
            if (image.Stage == "done")
            {
                continue;
            }

            int id = (i + 1) * PartsOfAnImage;
            IReadOnlyList<PartProgress> parts = image.Parts;
            now[id] = Whole(id, $"{activity} {Formatting.Image(image.Image)}", image, parts);
            for (int part = 0; part < parts.Count; part++)
            {
                if (parts[part].State is PartState.Downloading or PartState.Uploading or PartState.Unpacking)
                {
                    now[id + part + 1] = Part(id + part + 1, id, parts[part]);
                }
            }
        }

        foreach ((int id, ProgressRecord record) in shown.Where(bar => !now.ContainsKey(bar.Key)).ToArray())
        {
            End(id, record, write);
        }

        foreach ((int id, ProgressRecord record) in now)
        {
            if (!shown.TryGetValue(id, out ProgressRecord? before) || before.StatusDescription != record.StatusDescription || before.PercentComplete != record.PercentComplete)
            {
                shown[id] = record;
                write(record);
            }
        }
    }

    /// <summary>Takes all bars away.</summary>
    public void Clear(Action<ProgressRecord> write)
    {
        foreach ((int id, ProgressRecord record) in shown.ToArray())
        {
            End(id, record, write);
        }
    }

    private static ProgressRecord Whole(int id, string activity, ImageProgress image, IReadOnlyList<PartProgress> parts)
    {
        (long done, long total) = image.Sum;
        string status = total == 0 ? image.Stage : $"{Formatting.Size(done)} of {Formatting.Size(total)}, {parts.Count(static part => part.IsTransferred)} of {parts.Count} parts";
        return new ProgressRecord(id, activity, status) { PercentComplete = Percent(done, total) };
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

    private void End(int id, ProgressRecord record, Action<ProgressRecord> write)
    {
        shown.Remove(id);
        write(new ProgressRecord(id, record.Activity, "done") { ParentActivityId = record.ParentActivityId, RecordType = ProgressRecordType.Completed });
    }
}
