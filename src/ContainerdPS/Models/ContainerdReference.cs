namespace ContainerdPS;

/// <summary>What a command takes an object of a daemon by: its name as text, or the object itself with its session and namespace.</summary>
public abstract class ContainerdReference
{
    private readonly string name;

    private protected ContainerdReference(string name, object source, ContainerdObject? origin)
    {
        this.name = name;
        Source = source;
        Session = origin?.Session;
        Namespace = origin?.Namespace;
    }

    private protected ContainerdReference(string name, ContainerdReference given)
    {
        this.name = name;
        Source = given.Source;
        Session = given.Session;
        Namespace = given.Namespace;
    }

    /// <summary>The session it was read through; null when only its name was given.</summary>
    public ContainerdSession? Session { get; }

    /// <summary>The namespace it is in; null when only its name was given.</summary>
    public string? Namespace { get; }

    internal object Source { get; }

    /// <summary>Gives the name.</summary>
    /// <returns>The id, name, key or digest.</returns>
    public override string ToString() => name;

    /// <summary>What a constructor says of nothing.</summary>
    private protected static T Given<T>(T? value)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(value);
        return value;
    }
}
