namespace ContainerdPS.Tests.Protos;

/// <summary>Finds the full name behind a type name as protobuf does: from the innermost scope outwards.</summary>
internal sealed class ProtobufScope
{
    private readonly HashSet<string> types;
    private readonly HashSet<string> scopes;

    public ProtobufScope(IEnumerable<string> typeNames)
    {
        types = new HashSet<string>(typeNames, StringComparer.Ordinal);
        scopes = new HashSet<string>(types, StringComparer.Ordinal);
        foreach (var type in types)
        {
            for (var scope = Parent(type); scope.Length > 0; scope = Parent(scope))
            {
                scopes.Add(scope);
            }
        }
    }

    public static string Parent(string name) => name.LastIndexOf('.') is var dot and >= 0 ? name[..dot] : "";

    /// <param name="reference">The name as a file writes it.</param>
    /// <param name="scope">The full name of the message or service that writes it.</param>
    public string Resolve(string reference, string scope)
    {
        // The first part alone decides the scope: what is found there must hold the rest, too.
        var first = reference.Split('.')[0];
        for (var around = scope; ; around = Parent(around))
        {
            var prefix = around.Length == 0 ? "" : around + ".";
            if (scopes.Contains(prefix + first))
            {
                return types.Contains(prefix + reference)
                    ? prefix + reference
                    : throw new InvalidDataException($"{prefix}{first}, which {scope} sees first, has no type {reference}.");
            }

            if (around.Length == 0)
            {
                throw new InvalidDataException($"No type {reference} can be seen from {scope}.");
            }
        }
    }
}
