using ContainerdPS.Services;

namespace ContainerdPS.References;

/// <summary>The guards of one command: one for each namespace it works in.</summary>
internal sealed class RemovalGuards
{
    private readonly Dictionary<(ContainerdSession Session, string Namespace), RemovalGuard> guards = [];

    public RemovalGuard Of(NamespaceClient client)
    {
        if (!guards.TryGetValue((client.Session, client.Namespace), out RemovalGuard? guard))
        {
            guards[(client.Session, client.Namespace)] = guard = new RemovalGuard(client);
        }

        return guard;
    }
}
