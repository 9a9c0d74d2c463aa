namespace ContainerdPS.Services;

/// <summary>One process the daemon knows: the task of a container, or a further process executed in it.</summary>
/// <param name="Container">The container's id.</param>
/// <param name="Exec">The id of the further process; empty for the task itself.</param>
internal sealed record ProcessAddress(string Container, string Exec = "")
{
    public bool IsTask => Exec.Length == 0;

    public string Kind => IsTask ? ObjectKinds.Task : ObjectKinds.Process;

    /// <summary>The id its errors name.</summary>
    public string Name => IsTask ? Container : Exec;

    /// <summary>It as a sentence begins with it.</summary>
    public string AtStart => IsTask ? $"The task of the container '{Container}'" : $"The process '{Exec}' in the container '{Container}'";

    public static implicit operator ProcessAddress(string container) => new(container);

    public override string ToString() => IsTask ? $"the task of the container '{Container}'" : $"the process '{Exec}' in the container '{Container}'";
}
