using System.Reflection;
using Google.Protobuf.Reflection;

namespace ContainerdPS.Tests.Protos;

/// <summary>The wire as the module speaks it: the descriptors compiled into its assembly.</summary>
internal static class CompiledWire
{
    // CS0542 keeps this one name from C#.
    private const string NameInFile = "containerd.types.ContentDescriptor";
    private const string NameOnWire = "containerd.types.Descriptor";

    /// <summary>Every generated file, found by its type and not by a list that could be forgotten.</summary>
    public static IReadOnlyList<FileDescriptor> Files() =>
    [
        .. LoadableTypes(typeof(Wire.ContainersV1.Container).Assembly)
            .SelectMany(type => type.GetProperties(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(property => property.PropertyType == typeof(FileDescriptor))
            .Select(property => (FileDescriptor)property.GetValue(null)!)
            .OrderBy(file => file.Name, StringComparer.Ordinal),
    ];

    public static bool IsGoogles(FileDescriptor file) => file.Package.Split('.')[0] == "google";

    public static WireFacts Read(IEnumerable<FileDescriptor> files)
    {
        var facts = new WireFacts();
        foreach (var file in files)
        {
            foreach (var service in file.Services)
            {
                facts.Add("service", service.FullName, file: file.Name);
                foreach (var method in service.Methods)
                {
                    facts.Add("method", $"{service.FullName}.{method.Name}", Method(method), file.Name);
                }
            }

            AddMessages(facts, file.MessageTypes);
            AddEnums(facts, file.EnumTypes);
        }

        return facts;
    }

    private static void AddMessages(WireFacts facts, IEnumerable<MessageDescriptor> messages)
    {
        // Protobuf makes a nested message of each map: the map's field says all of it.
        foreach (var message in messages.Where(message => message.ToProto().Options?.MapEntry != true))
        {
            var name = OnWire(message.FullName);
            facts.Add("message", name, file: message.File.Name);
            foreach (var field in message.Fields.InDeclarationOrder())
            {
                facts.Add("field", $"{name}.{field.Name}", Field(field), message.File.Name);
            }

            AddMessages(facts, message.NestedTypes);
            AddEnums(facts, message.EnumTypes);
        }
    }

    private static void AddEnums(WireFacts facts, IEnumerable<EnumDescriptor> enums)
    {
        foreach (var type in enums)
        {
            facts.Add("enum", type.FullName, file: type.File.Name);
            foreach (var value in type.Values)
            {
                facts.Add("value", $"{type.FullName}.{value.Name}", $"{value.Number}", type.File.Name);
            }
        }
    }

    private static string Method(MethodDescriptor method) =>
        WireShape.Method(
            method.IsClientStreaming,
            OnWire(method.InputType.FullName),
            method.IsServerStreaming,
            OnWire(method.OutputType.FullName));

    private static string Field(FieldDescriptor field)
    {
        if (field.IsMap)
        {
            var entry = field.MessageType;
            return WireShape.Field(field.FieldNumber, null, WireShape.Map(Type(entry.FindFieldByNumber(1)), Type(entry.FindFieldByNumber(2))), null);
        }

        var label = field.IsRepeated ? "repeated" : field.ToProto().Proto3Optional ? "optional" : null;
        return WireShape.Field(field.FieldNumber, label, Type(field), field.RealContainingOneof?.Name);
    }

    private static string Type(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message or FieldType.Group => OnWire(field.MessageType.FullName),
        FieldType.Enum => field.EnumType.FullName,
        var scalar => scalar.ToString().ToLowerInvariant(),
    };

    private static string OnWire(string name) => name == NameInFile ? NameOnWire : name;

    // Cmdlets cannot be loaded where there is no engine; generated code needs none.
    private static IEnumerable<Type> LoadableTypes(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException exception)
        {
            return exception.Types.OfType<Type>();
        }
    }
}
