using ContainerdPS.Images.Archives.Tar;
using ContainerdPS.Native;

namespace ContainerdPS.Images.Archives.RootFileSystem;

/// <summary>One file of a folder, as it stands on the disk: the link itself where it is one.</summary>
/// <param name="Path">Where it is on this machine.</param>
/// <param name="Header">Its entry in the layer; for a file with more than one name not yet as a hard link.</param>
/// <param name="IsSocket">A socket, which no archive can hold.</param>
/// <param name="Identity">What its other names share with it; null where it has none, or the system does not tell.</param>
internal sealed record FolderEntry(string Path, TarEntry Header, bool IsSocket, FileIdentity? Identity)
{
    /// <summary>Reads what the system knows about a path.</summary>
    /// <param name="path">Where it is on this machine.</param>
    /// <param name="name">Its path in the layer.</param>
    /// <param name="folder">The folder being imported, for errors.</param>
    public static FolderEntry Read(string path, string name, string folder) =>
        OperatingSystem.IsLinux() ? ReadStatus(path, name, folder) : ReadPortable(path, name);

    /// <summary>Opens a file's content, and makes sure that it is still the file that was looked at.</summary>
    public FileStream Open(string folder)
    {
        FileStream file = new(Path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, Options = FileOptions.Asynchronous | FileOptions.SequentialScan, BufferSize = 0 });
        try
        {
            // A link put in its place meanwhile would have been followed.
            if (OperatingSystem.IsLinux()
                && StatxCall.Read(Path, out FileStatus named) == 0
                && StatxCall.Read(file.SafeFileHandle, out FileStatus opened) == 0
                && (named.Identity != opened.Identity || !opened.IsRegular))
            {
                throw new ContainerdException(ContainerdErrorCode.Aborted, $"Cannot import '{folder}': {ArchiveError.Quote(Header.Name)} was replaced while it was read.");
            }

            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static FolderEntry ReadStatus(string path, string name, string folder)
    {
        int error = StatxCall.Read(path, out FileStatus status);
        if (error != 0)
        {
            throw ArchiveError.Invalid(folder, $"{ArchiveError.Quote(name)} cannot be looked at (error {error}). It vanished, its path is too long, or its name is not valid UTF-8.");
        }

        TarEntryKind kind = KindOf(status);
        bool isDevice = kind is TarEntryKind.CharacterDevice or TarEntryKind.BlockDevice;
        TarEntry header = new()
        {
            Name = kind == TarEntryKind.Directory ? name + "/" : name,
            Kind = kind,
            Size = kind == TarEntryKind.File ? status.Size : 0,
            Mode = (int)(status.Mode & 0xFFF),
            UserId = status.Uid,
            GroupId = status.Gid,
            ModifiedSeconds = status.ModifiedSeconds,
            LinkTarget = kind == TarEntryKind.SymbolicLink ? new FileInfo(path).LinkTarget ?? string.Empty : string.Empty,
            DeviceMajor = isDevice ? status.DeviceMajor : 0,
            DeviceMinor = isDevice ? status.DeviceMinor : 0,
            ExtendedAttributes = [.. AttributeCalls.OfPath(path).Where(attribute => BelongsInImage(attribute.Key))],
        };
        return new FolderEntry(
            path,
            header,
            status.IsSocket,
            kind != TarEntryKind.Directory && status.LinkCount > 1 ? status.Identity : null);
    }

    private static TarEntryKind KindOf(FileStatus status) =>
        status.IsDirectory ? TarEntryKind.Directory
        : status.IsSymbolicLink ? TarEntryKind.SymbolicLink
        : status.IsCharacterDevice ? TarEntryKind.CharacterDevice
        : status.IsBlockDevice ? TarEntryKind.BlockDevice
        : status.IsFifo ? TarEntryKind.Fifo
        : status.IsRegular ? TarEntryKind.File
        : TarEntryKind.Other;

    // Without statx there are no owners, devices and inodes to be had: what is left makes an image that belongs to root.
    private static FolderEntry ReadPortable(string path, string name)
    {
        FileInfo info = new(path);
        bool isFolder = info.Attributes.HasFlag(FileAttributes.Directory);
        TarEntryKind kind = info.LinkTarget is not null ? TarEntryKind.SymbolicLink : isFolder ? TarEntryKind.Directory : TarEntryKind.File;
        TarEntry header = new()
        {
            Name = kind == TarEntryKind.Directory ? name + "/" : name,
            Kind = kind,
            Size = kind == TarEntryKind.File ? info.Length : 0,
            Mode = OperatingSystem.IsWindows() ? 0x1ED : (int)info.UnixFileMode,
            ModifiedSeconds = new DateTimeOffset(info.LastWriteTimeUtc).ToUnixTimeSeconds(),
            LinkTarget = info.LinkTarget?.Replace('\\', '/') ?? string.Empty,
        };
        return new FolderEntry(path, header, IsSocket: false, Identity: null);
    }

    // Labels of this machine's security modules and of the overlay a folder came from mean nothing elsewhere.
    private static bool BelongsInImage(string attribute) =>
        attribute is not ("security.selinux" or "security.ima" or "security.evm")
        && !attribute.StartsWith("trusted.overlay.", StringComparison.Ordinal);
}
