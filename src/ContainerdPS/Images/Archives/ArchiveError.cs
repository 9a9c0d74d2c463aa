using ContainerdPS.Oci;
using ContainerdPS.Services;

namespace ContainerdPS.Images.Archives;

/// <summary>The errors of reading an archive, in one voice: which archive, which entry, what is wrong.</summary>
internal static class ArchiveError
{
    /// <summary>The daemon has a blob of the archive already, and what it has is not what its digest says.</summary>
    public static ContainerdException ContentDamaged(string archive, string digest) =>
        new(ContainerdErrorCode.DataLoss, $"Cannot import '{archive}': the blob {digest}, which the daemon had before, is damaged in its content store. Remove it with Remove-ContainerdContent -Force and import again.") { Reason = "DamagedContent", ObjectKind = ObjectKinds.Blob, ObjectId = digest };

    /// <summary>The input is of a kind that cannot be imported: nothing is damaged, it asks for what is not allowed.</summary>
    public static ContainerdException Invalid(string archive, string problem, Exception? inner = null) =>
        new(ContainerdErrorCode.InvalidArgument, $"Cannot import '{archive}': {problem}", inner) { Reason = "InvalidArchive" };

    /// <summary>The input is incomplete, or not what it says it is.</summary>
    public static ContainerdException Damaged(string archive, string problem, Exception? inner = null) =>
        new(ContainerdErrorCode.DataLoss, $"Cannot import '{archive}': {problem}", inner) { Reason = "DamagedArchive" };

    /// <summary>What is wrong with a blob of another size than its descriptor's.</summary>
    public static string WrongSize(OciDescriptor blob, long size) => $"the blob {blob.Digest} has {size} bytes, and its descriptor says {blob.Size}.";

    /// <summary>There is nothing at the path.</summary>
    public static ContainerdException NotFound(string path, Exception? inner = null) =>
        new(ContainerdErrorCode.NotFound, $"Cannot import '{path}': there is no such file or folder. Give the path of an archive or a folder on this machine; a relative one starts at the current location.", inner) { Reason = "FileNotFound" };

    /// <summary>Shortens text that comes from the archive, so that a hostile name cannot flood or steer a terminal.</summary>
    public static string Quote(string text)
    {
        const int longest = 200;
        string shown = text.Length <= longest ? text : string.Concat(text.AsSpan(0, longest), "…");
        return string.Create(shown.Length + 2, shown, static (span, value) =>
        {
            span[0] = '\'';
            for (int i = 0; i < value.Length; i++)
            {
                span[i + 1] = char.IsControl(value[i]) ? '\uFFFD' : value[i];
            }

            span[^1] = '\'';
        });
    }
}
