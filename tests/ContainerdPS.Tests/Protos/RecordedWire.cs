using System.Text.Json;

namespace ContainerdPS.Tests.Protos;

/// <summary>The wire as it was recorded from containerd's releases, read from containerd-wire.json.</summary>
internal static class RecordedWire
{
    private static readonly HashSet<string> Scalars = new(StringComparer.Ordinal)
    {
        "bool", "bytes", "double", "fixed32", "fixed64", "float", "int32", "int64",
        "sfixed32", "sfixed64", "sint32", "sint64", "string", "uint32", "uint64",
    };

    private static readonly string[] TypesFromGoogle =
    [
        "google.protobuf.Any", "google.protobuf.Empty", "google.protobuf.FieldMask",
        "google.protobuf.Timestamp", "google.rpc.Status",
    ];

    public static WireFacts Read()
    {
        using var stream = typeof(RecordedWire).Assembly.GetManifestResourceStream("containerd-wire.json")!;
        using var document = JsonDocument.Parse(stream);
        var root = document.RootElement;
        var messages = root.GetProperty("messages");
        var enums = root.GetProperty("enums");
        var scope = new ProtobufScope([
            .. messages.EnumerateObject().Select(message => message.Name),
            .. enums.EnumerateObject().Select(type => type.Name),
            .. TypesFromGoogle]);

        var facts = new WireFacts();
        foreach (var service in root.GetProperty("services").EnumerateObject())
        {
            facts.Add("service", service.Name);
            foreach (var method in Members(service))
            {
                facts.Add("method", $"{service.Name}.{method.Name}", Method(method.Value, service.Name, scope));
            }
        }

        foreach (var message in messages.EnumerateObject())
        {
            facts.Add("message", message.Name);
            foreach (var field in Members(message))
            {
                facts.Add("field", $"{message.Name}.{field.Name}", Field(field.Value, message.Name, scope));
            }
        }

        foreach (var type in enums.EnumerateObject())
        {
            facts.Add("enum", type.Name);
            foreach (var value in Members(type))
            {
                facts.Add("value", $"{type.Name}.{value.Name}", $"{value.Value.GetProperty("number").GetInt32()}");
            }
        }

        return facts;
    }

    private static JsonElement.ObjectEnumerator Members(JsonProperty owner) =>
        owner.Value.GetProperty("members").EnumerateObject();

    private static string Method(JsonElement method, string service, ProtobufScope scope) =>
        WireShape.Method(
            method.GetProperty("client_stream").GetBoolean(),
            scope.Resolve(method.GetProperty("request").GetString()!, service),
            method.GetProperty("server_stream").GetBoolean(),
            scope.Resolve(method.GetProperty("response").GetString()!, service));

    private static string Field(JsonElement field, string message, ProtobufScope scope) =>
        WireShape.Field(
            field.GetProperty("number").GetInt32(),
            Text(field, "label"),
            FullType(field.GetProperty("type").GetString()!, message, scope),
            Text(field, "oneof"));

    private static string FullType(string type, string message, ProtobufScope scope)
    {
        if (Scalars.Contains(type))
        {
            return type;
        }

        if (type.StartsWith("map<", StringComparison.Ordinal) && type.EndsWith('>'))
        {
            var parts = type[4..^1].Split(',', 2, StringSplitOptions.TrimEntries);
            return WireShape.Map(FullType(parts[0], message, scope), FullType(parts[1], message, scope));
        }

        return scope.Resolve(type, message);
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
