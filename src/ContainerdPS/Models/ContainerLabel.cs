namespace ContainerdPS;

/// <summary>One label of a container.</summary>
public sealed class ContainerLabel : ContainerdObject
{
    internal ContainerLabel(Container container, string key, string value)
        : base(container.Session, container.Namespace)
    {
        Container = container.Id;
        Key = key;
        Value = value;
    }

    /// <summary>The id of the container.</summary>
    public string Container { get; }

    /// <summary>The key.</summary>
    public string Key { get; }

    /// <summary>The value, never empty: the daemon deletes a label whose value becomes empty.</summary>
    public string Value { get; }

    /// <summary>Gives <c>KEY=VALUE</c>.</summary>
    /// <returns>The key and the value.</returns>
    public override string ToString() => $"{Key}={Value}";
}
