namespace ContainerdPS;

/// <summary>
/// A lease as a command takes it: its id, or an object that carries its session and namespace along. Text and
/// <see cref="ContainerdLease"/> objects convert to it by themselves.
/// </summary>
public sealed class ContainerdLeaseReference : ContainerdReference
{
    /// <summary>Refers to a lease by its id.</summary>
    /// <param name="id">The id.</param>
    public ContainerdLeaseReference(string id)
        : base(Given(id), id, null) => Id = id;

    /// <summary>Refers to a lease that was read.</summary>
    /// <param name="lease">The lease.</param>
    public ContainerdLeaseReference(ContainerdLease lease)
        : base(Given(lease).Id, lease, lease) => Id = lease.Id;

    /// <summary>The id.</summary>
    public string Id { get; }
}
