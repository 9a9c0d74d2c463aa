namespace ContainerdPS;

/// <summary>What every object of a daemon carries, so that a pipe goes on where the object came from.</summary>
public abstract class ContainerdObject
{
    private protected ContainerdObject(ContainerdSession session, string @namespace)
    {
        Session = session;
        Namespace = @namespace;
    }

    /// <summary>The containerd namespace the object is in.</summary>
    public string Namespace { get; }

    /// <summary>The session the object was read through; commands the object is piped to use it.</summary>
    public ContainerdSession Session { get; }
}
