namespace ContainerdPS.Files;

/// <summary>
/// A walk along a path inside a root, a step at a time: the folders come through, and the steps still to go. <c>..</c>
/// goes back along those folders, never above the root; what a link says comes before the steps that are left.
/// </summary>
/// <typeparam name="TFolder">An open folder. Those that are entered belong to the walk; the root does not.</typeparam>
internal sealed class PathWalk<TFolder> : IDisposable
    where TFolder : class, IDisposable
{
    /// <summary>How many links the kernel follows before it gives up.</summary>
    public const int MostLinks = 40;

    private readonly List<TFolder> trail;
    private readonly Stack<string> steps = new();
    private readonly int mostLinks;
    private int links;

    public PathWalk(TFolder root, string path, int mostLinks = MostLinks)
    {
        trail = [root];
        this.mostLinks = mostLinks;
        Push(path);
    }

    /// <summary>Where the walk stands.</summary>
    public TFolder Here => trail[^1];

    /// <summary>Whether it stands where it began.</summary>
    public bool IsAtRoot => trail.Count == 1;

    /// <summary>Whether there is more to go after the step taken last.</summary>
    public bool HasMore => steps.Count > 0;

    /// <summary>The next name to look for; false when the walk stands at its end.</summary>
    public bool TryNext(out string name)
    {
        while (steps.TryPop(out name!))
        {
            if (name != "..")
            {
                return true;
            }

            Leave(Math.Max(1, trail.Count - 1));
        }

        return false;
    }

    /// <summary>Goes into a folder.</summary>
    public void Enter(TFolder folder) => trail.Add(folder);

    /// <summary>Goes where a link says.</summary>
    /// <returns>False when it was one link too many.</returns>
    public bool TryFollow(string target)
    {
        if (++links > mostLinks)
        {
            return false;
        }

        if (target.StartsWith('/'))
        {
            Leave(1);
        }

        Push(target);
        return true;
    }

    /// <summary>Gives away the folder the walk stands in, which is not the root.</summary>
    public TFolder Take()
    {
        TFolder last = trail[^1];
        trail.RemoveAt(trail.Count - 1);
        return last;
    }

    public void Dispose() => Leave(1);

    private void Leave(int keep)
    {
        for (int i = trail.Count - 1; i >= keep; i--)
        {
            trail[i].Dispose();
            trail.RemoveAt(i);
        }
    }

    private void Push(string path)
    {
        foreach (string part in Enumerable.Reverse(path.Split('/')))
        {
            if (part is not ("" or "."))
            {
                steps.Push(part);
            }
        }
    }
}
