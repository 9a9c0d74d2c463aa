using System.Security.Cryptography;
using ContainerdPS.Native;
using Microsoft.Win32.SafeHandles;

namespace ContainerdPS.Files;

/// <summary>
/// Copies one file, symbolic link or fifo: made under a name of its own in the destination's folder and renamed when it
/// is whole, so that there is never half a file under its name, and what was there before stays until then.
/// </summary>
internal sealed class EntryCopy(FileRoot source, FileRoot destination, CopyOptions options, CopyTally tally, CancellationToken cancellationToken)
{
    private const uint WriteBits = 0x92;

    private readonly FileMetadata metadata = new(source, destination, options, tally);

    public FileMetadata Metadata => metadata;

    /// <summary>Copies an item.</summary>
    /// <param name="item">What is copied.</param>
    /// <param name="sourcePath">Where it was found, for messages.</param>
    /// <param name="folder">The open folder it comes into.</param>
    /// <param name="name">Its name there.</param>
    /// <param name="path">Its whole path there, for messages.</param>
    /// <param name="links">The other names of files in the same tree; null where it is no tree.</param>
    /// <param name="linkPath">Its path below the top of the tree.</param>
    public void Run(FileItem item, string sourcePath, SafeFileHandle folder, string name, string path, HardLinks? links, string linkPath)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CheckReplaceable(item, folder, name, path);
        string temporary = $".containerdps-{Convert.ToHexString(RandomNumberGenerator.GetBytes(6))}";
        bool made = false;
        try
        {
            bool several = links is not null && item.Status.LinkCount > 1;
            if (several && links!.TryAddName(item.Status.Identity, folder, temporary))
            {
                made = true;
                Check(EntryCalls.Rename(folder, temporary, name), path);
                tally.AddLink();
                return;
            }

            FileIdentity copy = item.Status switch
            {
                { IsRegular: true } => MakeFile(item, sourcePath, folder, temporary, path, ref made),
                { IsSymbolicLink: true } => MakeLink(item, sourcePath, folder, temporary, path, ref made),
                { IsFifo: true } => MakeFifo(item, folder, temporary, path, ref made),
                _ => throw CopyErrors.Unsupported(item.Status, source, sourcePath),
            };
            Check(EntryCalls.Rename(folder, temporary, name), path);
            if (several)
            {
                links!.Add(item.Status.Identity, linkPath, copy);
            }
        }
        finally
        {
            if (made)
            {
                // Renamed, it is gone from there; but renaming one name of a file to another of the same does nothing.
                _ = EntryCalls.Unlink(folder, temporary);
            }
        }
    }

    private FileIdentity MakeFile(FileItem item, string sourcePath, SafeFileHandle folder, string temporary, string path, ref bool made)
    {
        using SafeFileHandle from = item.OpenContent(out int error) ?? throw CopyErrors.From(error, source, sourcePath);
        Check(StatxCall.Read(from, out FileStatus status), sourcePath);
        using SafeFileHandle to = FolderCalls.CreateFile(folder, temporary, out error) ?? throw CopyErrors.CannotMake(error, destination, path);
        made = true;
        try
        {
            FileContent.Copy(from, status, to, tally, cancellationToken);
        }
        catch (ContentFailure e)
        {
            throw e.IsReading ? CopyErrors.From(e.Error, source, sourcePath) : CopyErrors.From(e.Error, destination, path);
        }

        metadata.Apply(from, status, to, path);
        Check(StatxCall.Read(to, out FileStatus copy), path);
        tally.AddFile();
        return copy.Identity;
    }

    private FileIdentity MakeLink(FileItem item, string sourcePath, SafeFileHandle folder, string temporary, string path, ref bool made)
    {
        string target = item.ReadLink() ?? throw CopyErrors.From(Errno.EACCES, source, sourcePath);
        CheckMade(EntryCalls.MakeLink(target, folder, temporary), path);
        made = true;
        FileIdentity copy = Finish(item, folder, temporary, path, static status => status.IsSymbolicLink);
        tally.AddLink();
        return copy;
    }

    private FileIdentity MakeFifo(FileItem item, SafeFileHandle folder, string temporary, string path, ref bool made)
    {
        CheckMade(EntryCalls.MakeFifo(folder, temporary), path);
        made = true;
        FileIdentity copy = Finish(item, folder, temporary, path, static status => status.IsFifo);
        tally.AddFile();
        return copy;
    }

    private FileIdentity Finish(FileItem item, SafeFileHandle folder, string temporary, string path, Func<FileStatus, bool> isIt)
    {
        using FileItem copy = FileItem.In(folder, temporary, out int error) ?? throw CopyErrors.From(error, destination, path);
        if (!isIt(copy.Status))
        {
            // Somebody at the destination put something else in its place: that must not get our owner and permissions.
            throw CopyErrors.From(Errno.EAGAIN, destination, path);
        }

        metadata.ApplyToNamed(item.Status, copy.Handle, path);
        return copy.Status.Identity;
    }

    private void CheckReplaceable(FileItem item, SafeFileHandle folder, string name, string path)
    {
        using FileItem? present = FileItem.In(folder, name, out int error);
        if (present is null)
        {
            if (error != Errno.ENOENT)
            {
                throw CopyErrors.From(error, destination, path);
            }

            return;
        }

        if (present.Status.IsDirectory)
        {
            throw CopyErrors.Make(
                ContainerdErrorCode.FailedPrecondition,
                "DestinationIsFolder",
                $"{destination.Describe(path)} is a folder, and what comes is none. Remove the folder first, or copy to another name.");
        }

        if (present.Status.Identity == item.Status.Identity)
        {
            throw CopyErrors.Make(
                ContainerdErrorCode.InvalidArgument, "SameFile", $"{destination.Describe(path)} is the very file to be copied: a mount shows it in both places.");
        }

        if (present.Status.IsMountPoint)
        {
            // Renaming onto it would take the mount away, as seen from outside the container's mount namespace.
            throw CopyErrors.From(Errno.EBUSY, destination, path);
        }

        if (!options.Force && present.Status.IsRegular && (present.Status.Mode & WriteBits) == 0)
        {
            throw CopyErrors.Make(
                ContainerdErrorCode.PermissionDenied, "DestinationReadOnly", $"{destination.Describe(path)} is there already and is read-only. Add -Force to replace it.");
        }
    }

    private void CheckMade(int error, string path)
    {
        if (error != 0)
        {
            throw CopyErrors.CannotMake(error, destination, path);
        }
    }

    private void Check(int error, string path)
    {
        if (error != 0)
        {
            throw CopyErrors.From(error, destination, path);
        }
    }
}
