using System.Collections;
using System.Management.Automation;
using System.Text;
using ContainerdPS.Oci;

namespace ContainerdPS.Commands;

/// <summary>What -Resource takes: an OCI resources object, its JSON, or a hashtable like it.</summary>
/// <param name="Json">The resources in JSON.</param>
/// <param name="IsWindows">Whether they are those of Windows; null where that is not said.</param>
internal sealed record ResourceArgument(byte[] Json, bool? IsWindows)
{
    /// <summary>Reads the argument.</summary>
    /// <exception cref="ContainerdException">It is none of these.</exception>
    public static ResourceArgument Parse(object? given)
    {
        object? value = given is PSObject wrapped ? wrapped.BaseObject : given;
        try
        {
            return value switch
            {
                LinuxResources linux => new ResourceArgument(SpecJson.SerializeResources(linux), false),
                WindowsResources windows => new ResourceArgument(SpecJson.SerializeResources(windows), true),
                string json => FromJson(json),
                object[] { Length: > 0 } lines when Array.TrueForAll(lines, static line => (line is PSObject item ? item.BaseObject : line) is string) => FromJson(string.Join('\n', lines)),
                IDictionary table => FromTable(table),
                _ => throw Invalid($"-Resource takes an OCI resources object (as (Get-ContainerSpec web).Linux.Resources), its JSON, or a hashtable like @{{ Memory = @{{ Limit = 64MB }} }}{(value is null ? string.Empty : $", not a {value.GetType().Name}")}."),
            };
        }
        catch (ContainerdException e) when (e.Reason is null)
        {
            throw Invalid(e.Message, e);
        }
    }

    private static ResourceArgument FromJson(string json)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(json);

        // Read once here, so that what is no JSON is told before anything is done.
        _ = SpecJson.ParseResources(bytes);
        return new ResourceArgument(bytes, null);
    }

    private static ResourceArgument FromTable(IDictionary table)
    {
        try
        {
            byte[] json = ResourceTable.ToJson(table, typeof(LinuxResources));
            _ = SpecJson.ParseResources(json);
            return new ResourceArgument(json, null);
        }
        catch (ContainerdException)
        {
            // What only Windows has is for Windows; what neither has is told about Linux.
            try
            {
                byte[] json = ResourceTable.ToJson(table, typeof(WindowsResources));
                _ = SpecJson.ParseWindowsResources(json);
                return new ResourceArgument(json, true);
            }
            catch (ContainerdException)
            {
            }

            throw;
        }
    }

    private static ContainerdException Invalid(string message, Exception? inner = null) =>
        new(ContainerdErrorCode.InvalidArgument, message, inner) { Reason = "InvalidResource" };
}
