using System.Globalization;
using ContainerdPS.Wire.RuncOptions;
using Google.Protobuf.Reflection;

namespace ContainerdPS.Processes;

/// <summary>Options of the runc runtime by name: the names are those of the fields, in any spelling of the field's words.</summary>
internal static class RuntimeOptions
{
    /// <summary>What changes options as asked.</summary>
    /// <exception cref="ContainerdException">InvalidArgument: no such option, or a value that does not fit it.</exception>
    public static Action<Options> Change(IEnumerable<(string Name, object? Value)> wanted)
    {
        var changes = wanted.Select(static option => Change(option.Name, option.Value)).ToArray();
        return options => Array.ForEach(changes, change => change(options));
    }

    private static Action<Options> Change(string name, object? value)
    {
        string key = name.Replace("_", string.Empty, StringComparison.Ordinal);
        FieldDescriptor field = Options.Descriptor.Fields.InDeclarationOrder().FirstOrDefault(
                field => field.Name.Replace("_", string.Empty, StringComparison.Ordinal).Equals(key, StringComparison.OrdinalIgnoreCase))
            ?? throw Invalid($"The runc runtime has no option '{name}'. It has: {string.Join(", ", Options.Descriptor.Fields.InDeclarationOrder().Select(static field => field.Name))}.");
        try
        {
            object converted = field.FieldType switch
            {
                FieldType.Bool => Convert.ToBoolean(value, CultureInfo.InvariantCulture),
                FieldType.UInt32 => Convert.ToUInt32(value, CultureInfo.InvariantCulture),
                _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty,
            };
            return options => field.Accessor.SetValue(options, converted);
        }
        catch (Exception e) when (e is FormatException or InvalidCastException or OverflowException)
        {
            throw Invalid($"The option '{field.Name}' of the runc runtime takes a {(field.FieldType == FieldType.Bool ? "Boolean" : "number")}, not '{value}'.");
        }
    }

    private static ContainerdException Invalid(string message) => new(ContainerdErrorCode.InvalidArgument, message) { Reason = "InvalidRuntimeOption" };
}
