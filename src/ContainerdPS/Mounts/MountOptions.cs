namespace ContainerdPS.Mounts;

/// <summary>Options of a mount as people write them, taken apart into what mount(2) is given: flags, and text for the filesystem.</summary>
/// <param name="Flags">Flags of the mount itself.</param>
/// <param name="Propagation">Flags that say how mounts below it spread; a call of their own.</param>
/// <param name="Data">What the filesystem is told.</param>
/// <param name="IsLoop">Whether the source is a file that a loop device has to make a disk of.</param>
internal sealed record MountOptions(ulong Flags, ulong Propagation, IReadOnlyList<string> Data, bool IsLoop)
{
    public const ulong ReadOnly = 1;
    public const ulong NoSuid = 2;
    public const ulong NoDevices = 4;
    public const ulong Remount = 32;
    public const ulong Bind = 4096;
    public const ulong Recursive = 16384;

    private const ulong NoExecute = 8;
    private const ulong Synchronous = 16;
    private const ulong MandatoryLocks = 64;
    private const ulong SynchronousFolders = 128;
    private const ulong NoAccessTimes = 1024;
    private const ulong NoFolderAccessTimes = 2048;
    private const ulong Unbindable = 1 << 17;
    private const ulong Private = 1 << 18;
    private const ulong Slave = 1 << 19;
    private const ulong Shared = 1 << 20;
    private const ulong RelativeAccessTimes = 1 << 21;
    private const ulong StrictAccessTimes = 1 << 24;

    private static readonly Dictionary<string, (ulong Set, ulong Clear)> Known = new(StringComparer.Ordinal)
    {
        ["async"] = (0, Synchronous),
        ["atime"] = (0, NoAccessTimes),
        ["bind"] = (Bind, 0),
        ["defaults"] = (0, 0),
        ["dev"] = (0, NoDevices),
        ["diratime"] = (0, NoFolderAccessTimes),
        ["dirsync"] = (SynchronousFolders, 0),
        ["exec"] = (0, NoExecute),
        ["mand"] = (MandatoryLocks, 0),
        ["noatime"] = (NoAccessTimes, 0),
        ["nodev"] = (NoDevices, 0),
        ["nodiratime"] = (NoFolderAccessTimes, 0),
        ["noexec"] = (NoExecute, 0),
        ["nomand"] = (0, MandatoryLocks),
        ["norelatime"] = (0, RelativeAccessTimes),
        ["nostrictatime"] = (0, StrictAccessTimes),
        ["nosuid"] = (NoSuid, 0),
        ["private"] = (Private, 0),
        ["rbind"] = (Bind | Recursive, 0),
        ["relatime"] = (RelativeAccessTimes, 0),
        ["remount"] = (Remount, 0),
        ["ro"] = (ReadOnly, 0),
        ["rprivate"] = (Private | Recursive, 0),
        ["rshared"] = (Shared | Recursive, 0),
        ["rslave"] = (Slave | Recursive, 0),
        ["runbindable"] = (Unbindable | Recursive, 0),
        ["rw"] = (0, ReadOnly),
        ["shared"] = (Shared, 0),
        ["slave"] = (Slave, 0),
        ["strictatime"] = (StrictAccessTimes, 0),
        ["suid"] = (0, NoSuid),
        ["sync"] = (Synchronous, 0),
        ["unbindable"] = (Unbindable, 0),
    };

    /// <summary>Takes options apart; of two that contradict each other the later one holds.</summary>
    public static MountOptions Parse(IEnumerable<string> options)
    {
        const ulong Spreading = Unbindable | Private | Slave | Shared;
        ulong flags = 0;
        ulong propagation = 0;
        var data = new List<string>();
        bool loop = false;
        foreach (string option in options)
        {
            if (option == "loop")
            {
                loop = true;
            }
            else if (!Known.TryGetValue(option, out (ulong Set, ulong Clear) known))
            {
                data.Add(option);
            }
            else if ((known.Set & Spreading) != 0)
            {
                propagation |= known.Set;
            }
            else
            {
                flags = (flags | known.Set) & ~known.Clear;
            }
        }

        return new MountOptions(flags, propagation, data, loop);
    }
}
