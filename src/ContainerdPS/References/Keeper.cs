namespace ContainerdPS.References;

/// <summary>Somebody who keeps a blob or a snapshot from the garbage collection.</summary>
/// <param name="Kind">One of <see cref="Services.ObjectKinds"/>.</param>
/// <param name="Name">Its name, id, key or digest; a snapshot's with its snapshotter in front: <c>overlayfs/KEY</c>.</param>
internal readonly record struct Keeper(string Kind, string Name)
{
    public override string ToString() => $"the {Kind} '{Name}'";
}
