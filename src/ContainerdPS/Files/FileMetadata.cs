using ContainerdPS.Native;
using Microsoft.Win32.SafeHandles;

namespace ContainerdPS.Files;

/// <summary>Gives a copy what the original has besides its content: owner, permissions, extended attributes, time.</summary>
internal sealed class FileMetadata(FileRoot source, FileRoot destination, CopyOptions options, CopyTally tally)
{
    private const uint PermissionBits = 0x1FF;
    private const uint StickyBit = 0x200;
    private const uint OwnerRightsBits = 0xC00;

    /// <summary>For a regular file or a folder: both open.</summary>
    public void Apply(SafeFileHandle from, FileStatus status, SafeFileHandle to, string path)
    {
        // In this order: a change of owner takes away the bits and capabilities that give his rights.
        SetOwner(to, status, path);
        CopyAttributes(from, to);
        Check(MetadataCalls.SetMode(to, Mode(status)), path);
        Check(MetadataCalls.SetModified(to, status.ModifiedSeconds, status.ModifiedNanoseconds), path);
    }

    /// <summary>For a symbolic link or a fifo, which cannot be opened: the copy is named.</summary>
    public void ApplyToNamed(FileStatus status, SafeFileHandle to, string path)
    {
        SetOwner(to, status, path);
        if (!status.IsSymbolicLink)
        {
            Check(MetadataCalls.SetModeOfNamed(to, Mode(status)), path);
        }

        // Some file systems keep no times of links.
        _ = MetadataCalls.SetModified(to, status.ModifiedSeconds, status.ModifiedNanoseconds);
    }

    /// <summary>
    /// Without the owner, what would give a caller his rights must not come along: a program of a container would run
    /// with the rights of whoever copied it.
    /// </summary>
    private uint Mode(FileStatus status) =>
        status.Mode & (PermissionBits | (status.IsDirectory ? StickyBit : 0) | (options.Archive ? OwnerRightsBits : 0));

    private void SetOwner(SafeFileHandle to, FileStatus status, string path)
    {
        (uint User, uint Group)? owner = options.Owner
            ?? (options.Archive ? (source.Users.ToInside(status.Uid), source.Groups.ToInside(status.Gid))
                : destination.Container is null ? null
                : (0, 0));
        if (owner is not { } given)
        {
            return;
        }

        if (destination.Users.ToOutside(given.User) is not { } user || destination.Groups.ToOutside(given.Group) is not { } group)
        {
            throw CopyErrors.Make(
                ContainerdErrorCode.InvalidArgument,
                "OwnerNotMapped",
                $"{destination.Describe(path)} cannot belong to {given.User}:{given.Group}: the user namespace of the container does not have these ids. Give others with -Owner, or leave -Archive out.");
        }

        Check(MetadataCalls.SetOwner(to, user, group), path);
    }

    private void CopyAttributes(SafeFileHandle from, SafeFileHandle to)
    {
        foreach (string name in AttributeCalls.List(from))
        {
            if (IsCopied(name) && AttributeCalls.Get(from, name) is { } value && AttributeCalls.Set(to, name, value) != 0)
            {
                tally.LostAttributes |= options.Archive;
            }
        }
    }

    private bool IsCopied(string name)
    {
        if (!options.Archive)
        {
            return name.StartsWith("user.", StringComparison.Ordinal);
        }

        // Labels of this machine's security modules and overlay's own marks mean nothing elsewhere; access lists have ids in
        // them, which would be other people's in another user namespace.
        return name is not ("security.selinux" or "security.ima" or "security.evm")
            && !name.StartsWith("trusted.overlay.", StringComparison.Ordinal)
            && (!name.StartsWith("system.posix_acl_", StringComparison.Ordinal) || (source.Users.IsSame && destination.Users.IsSame));
    }

    private void Check(int error, string path)
    {
        if (error != 0)
        {
            throw CopyErrors.From(error, destination, path);
        }
    }
}
