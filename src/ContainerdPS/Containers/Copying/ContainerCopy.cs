using ContainerdPS.Containers.Roots;
using ContainerdPS.Files;
using ContainerdPS.Native;
using ContainerdPS.Wire.TaskTypes;

namespace ContainerdPS.Containers.Copying;

/// <summary>Copies files between containers and this machine.</summary>
internal sealed class ContainerCopy(OpenRoots roots, CopyTally whole)
{
    private readonly CopyRegister register = new();

    /// <summary>Does one copy. What cannot be copied is in the outcome, and the rest goes on.</summary>
    /// <param name="request">The copy.</param>
    /// <param name="turn">Its turn at the destination.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ContainerdException">Nothing can be copied.</exception>
    public async Task<CopyOutcome> RunAsync(CopyRequest request, Turn turn, CancellationToken cancellationToken)
    {
        // The destination first: where both are one container, it is opened once, for writing.
        Task<FileRoot> opening = roots.GetAsync(request.To, forWriting: true, cancellationToken);
        FileRoot from = await roots.GetAsync(request.From, forWriting: false, cancellationToken).ConfigureAwait(false);
        FileRoot to = await opening.ConfigureAwait(false);
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        var outcome = new CopyOutcome();
        Copy(request, from, to, outcome, cancellationToken);
        await NoticeStartAsync(request.To, to, outcome, cancellationToken).ConfigureAwait(false);
        return outcome;
    }

    private void Copy(CopyRequest request, FileRoot from, FileRoot to, CopyOutcome outcome, CancellationToken cancellationToken)
    {
        CopyOptions options = request.Owner is null ? request.Options : request.Options with { Owner = OwnerArgument.Resolve(request.Owner, to) };
        IReadOnlyList<ItemPath> paths = Expand(request, from, cancellationToken);
        ItemPath target = paths.Count > 1 ? request.To.Path with { IsContents = true } : request.To.Path;
        NoticeMissing(from, request.From.Path, outcome);
        NoticeMissing(to, request.To.Path, outcome);
        foreach (ItemPath path in paths)
        {
            var tally = new CopyTally(whole);
            try
            {
                CopiedItem copied = ItemCopy.Run(from, path, to, target, options, register, tally, cancellationToken);
                outcome.Items.Add(ToModel(request.To, to, copied));
                outcome.Summaries.Add($"Copied {from.Describe(path.FullName)} to {to.Describe(copied.Path)}: {tally}.");
            }
            catch (ContainerdException e)
            {
                outcome.Failures.Add(e);
            }

            outcome.Failures.AddRange(tally.Failures);
            outcome.Notices.AddRange(tally.Notices());
        }
    }

    private static IReadOnlyList<ItemPath> Expand(CopyRequest request, FileRoot from, CancellationToken cancellationToken)
    {
        if (request.Pattern is null)
        {
            return [request.From.Path];
        }

        IReadOnlyList<string> found = PathPattern.Expand(from, request.Pattern, cancellationToken);
        return found.Count > 0
            ? [.. found.Select(static path => new ItemPath(path, MustBeFolder: false, IsContents: false))]
            : throw CopyErrors.Make(ContainerdErrorCode.NotFound, "PathNotFound", $"Nothing fits {from.Describe(request.From.Path.FullName)}. Names that begin with a dot are found by patterns that do, or with -Force; -LiteralPath takes *, ? and [ as they are.");
    }

    private static object ToModel(CopyEnd end, FileRoot root, CopiedItem copied)
    {
        FileStatus status = copied.Status;
        if (end is not { Client: { } client, Container: { } container })
        {
            return status.IsDirectory ? new DirectoryInfo(copied.Path) : new FileInfo(copied.Path);
        }

        return new ContainerItem(client.Session, client.Namespace, container, copied.Path)
        {
            Kind = status.IsDirectory ? ContainerItemKind.Folder : status.IsSymbolicLink ? ContainerItemKind.SymbolicLink : status.IsFifo ? ContainerItemKind.Fifo : ContainerItemKind.File,
            Length = status.Size,
            Mode = (UnixFileMode)(status.Mode & 0xFFF),
            UserId = root.Users.ToInside(status.Uid),
            GroupId = root.Groups.ToInside(status.Gid),
            LastWriteTime = DateTimeOffset.FromUnixTimeSeconds(status.ModifiedSeconds).AddTicks(status.ModifiedNanoseconds / 100).ToLocalTime(),
            LinkTarget = copied.LinkTarget,
        };
    }

    private static void NoticeMissing(FileRoot root, ItemPath path, CopyOutcome outcome)
    {
        foreach ((string point, string why) in root.MissingMounts)
        {
            if ((path.FullName + '/').StartsWith(point.TrimEnd('/') + '/', StringComparison.Ordinal))
            {
                outcome.Notices.Add($"What the container '{root.Container}' mounts on '{point}' could not be reached while it does not run ({why}): what lies beneath was used.");
            }
        }
    }

    /// <summary>A container that was started while its snapshot was written from here may not see all of it.</summary>
    private static async Task NoticeStartAsync(CopyEnd end, FileRoot root, CopyOutcome outcome, CancellationToken cancellationToken)
    {
        if (end is { Client: { } client, Container: { } container } && root.IsSnapshot
            && await client.Tasks.FindAsync(container, cancellationToken).ConfigureAwait(false) is { } task && ContainerRoots.IsAlive(task))
        {
            outcome.Notices.Add($"The container '{container}' was started while files were copied into its snapshot. It may not see all of them; restart it, or copy again.");
        }
    }
}
