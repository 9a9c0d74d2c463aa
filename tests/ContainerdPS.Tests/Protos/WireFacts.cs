namespace ContainerdPS.Tests.Protos;

/// <summary>What a wire consists of: one entry for each thing that has a name, with full type names.</summary>
/// <remarks>Two wires are the same when their entries are.</remarks>
internal sealed class WireFacts
{
    private readonly SortedDictionary<string, Fact> facts = new(StringComparer.Ordinal);

    /// <param name="Kind">service, method, message, field, enum or value.</param>
    /// <param name="Name">The full name; a value's name is put below its enum's, unlike in protobuf.</param>
    /// <param name="Shape">What else must agree: number, label, types, streaming.</param>
    /// <param name="File">The file that defines it, where that is known.</param>
    internal sealed record Fact(string Kind, string Name, string Shape, string? File);

    public int Count(string kind) => facts.Values.Count(fact => fact.Kind == kind);

    public void Add(string kind, string name, string shape = "", string? file = null) =>
        facts.Add($"{name} ({kind})", new Fact(kind, name, shape, file));

    /// <summary>Every difference as one line, none when both are the same.</summary>
    public static IReadOnlyList<string> Compare(WireFacts recorded, WireFacts compiled)
    {
        var differences = new List<string>();
        foreach (var key in recorded.facts.Keys.Union(compiled.facts.Keys).Order(StringComparer.Ordinal))
        {
            recorded.facts.TryGetValue(key, out var wanted);
            compiled.facts.TryGetValue(key, out var found);
            if (found is null)
            {
                differences.Add($"{compiled.FileAround(wanted!.Name)}: {wanted.Kind} {wanted.Name} is missing; the wire has {Quote(wanted)}.");
            }
            else if (wanted is null)
            {
                differences.Add($"{found.File}: {found.Kind} {found.Name} is not on the wire; the file has {Quote(found)}.");
            }
            else if (wanted.Shape != found.Shape)
            {
                differences.Add($"{found.File}: {found.Kind} {found.Name} differs; the wire has {Quote(wanted)}, the file has {Quote(found)}.");
            }
        }

        return differences;
    }

    private static string Quote(Fact fact) => fact.Shape.Length == 0 ? $"this {fact.Kind}" : $"'{fact.Shape}'";

    // Something missing has no file of its own: name those of its siblings.
    private string FileAround(string name)
    {
        for (var scope = ProtobufScope.Parent(name); scope.Length > 0; scope = ProtobufScope.Parent(scope))
        {
            var files = facts.Values
                .Where(fact => fact.Name == scope || fact.Name.StartsWith(scope + ".", StringComparison.Ordinal))
                .Select(fact => fact.File)
                .Distinct()
                .ToList();
            if (files.Count > 0)
            {
                return string.Join(" or ", files);
            }
        }

        return "no file";
    }
}
