namespace ContainerdPS.Tests.Protos;

/// <summary>One way to write down what a method or a field is, for both sides of the comparison.</summary>
internal static class WireShape
{
    public static string Method(bool clientStreams, string request, bool serverStreams, string response) =>
        $"({(clientStreams ? "stream " : "")}{request}) returns ({(serverStreams ? "stream " : "")}{response})";

    public static string Map(string key, string value) => $"map<{key}, {value}>";

    public static string Field(int number, string? label, string type, string? oneof) =>
        $"{(label is null ? "" : label + " ")}{type} = {number}{(oneof is null ? "" : $", in oneof {oneof}")}";
}
