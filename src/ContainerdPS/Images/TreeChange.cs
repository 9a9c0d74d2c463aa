using ContainerdPS.Images.Archives.Tar;

namespace ContainerdPS.Images;

/// <summary>A path by which two trees differ.</summary>
/// <param name="Path">The path, beginning with a slash.</param>
/// <param name="Change">What became of it.</param>
/// <param name="Entry">What is there now, or was there when it is gone.</param>
/// <param name="Before">What was there before; null when it is new.</param>
internal sealed record TreeChange(string Path, ContainerFileChangeKind Change, TarEntry Entry, TarEntry? Before)
{
    private static readonly long Earliest = DateTimeOffset.MinValue.ToUnixTimeSeconds();
    private static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <summary>Writes it into what users hold.</summary>
    public T Into<T>(T model)
        where T : ContainerdFileChange
    {
        model.Path = Path;
        model.Change = Change;
        model.Kind = KindOf(Entry.Kind);
        model.Size = Entry.Size;
        model.SizeBefore = Before is { Kind: TarEntryKind.File or TarEntryKind.SparseFile } ? Before.Size : null;
        model.Mode = Convert.ToString(Entry.Mode, 8).PadLeft(4, '0');
        model.UserId = Entry.UserId;
        model.GroupId = Entry.GroupId;
        model.ModifiedAt = DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(Entry.ModifiedSeconds, Earliest, Latest)).ToLocalTime();
        model.LinkTarget = Entry.Kind switch
        {
            TarEntryKind.SymbolicLink => Entry.LinkTarget,
            TarEntryKind.HardLink => '/' + Entry.LinkTarget.TrimStart('/'),
            _ => null,
        };
        return model;
    }

    private static ContainerFileKind KindOf(TarEntryKind kind) => kind switch
    {
        TarEntryKind.File or TarEntryKind.SparseFile => ContainerFileKind.File,
        TarEntryKind.Directory => ContainerFileKind.Directory,
        TarEntryKind.SymbolicLink => ContainerFileKind.SymbolicLink,
        TarEntryKind.HardLink => ContainerFileKind.HardLink,
        TarEntryKind.CharacterDevice or TarEntryKind.BlockDevice => ContainerFileKind.Device,
        TarEntryKind.Fifo => ContainerFileKind.Fifo,
        _ => ContainerFileKind.Other,
    };
}
