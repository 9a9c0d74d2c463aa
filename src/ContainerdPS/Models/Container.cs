using System.Collections.ObjectModel;
using ContainerdPS.Oci;

namespace ContainerdPS;

/// <summary>
/// A container: the daemon's record of what to run, with the state of its task at the moment it was read. Pipe it to
/// Get-Container to read it again.
/// </summary>
public sealed class Container : ContainerdObject
{
    private readonly Lazy<RuntimeSpec?> spec;

    internal Container(ContainerdSession session, string @namespace, string id, ReadOnlyMemory<byte> specJson)
        : base(session, @namespace)
    {
        Id = id;
        SpecJson = specJson;
        spec = new Lazy<RuntimeSpec?>(() => SpecJson.IsEmpty ? null : Oci.SpecJson.Parse(SpecJson.Span));
    }

    /// <summary>The id, unique in its namespace.</summary>
    public string Id { get; }

    /// <summary>The name of the image it was made from; empty when it was made from no image.</summary>
    public string Image { get; internal init; } = string.Empty;

    /// <summary>The state of its task when it was read.</summary>
    public ContainerStatus Status { get; internal init; } = ContainerStatus.NoTask;

    /// <summary>The process id of the task on the daemon's host; null when there is no task, 0 before it is started.</summary>
    public int? ProcessId { get; internal init; }

    /// <summary>The exit status of a stopped task (0 to 255); null in any other state.</summary>
    public int? ExitCode { get; internal init; }

    /// <summary>When a stopped task ended, in local time; null in any other state.</summary>
    public DateTimeOffset? ExitedAt { get; internal init; }

    /// <summary>The labels, by their full keys.</summary>
    public ReadOnlyDictionary<string, string> Labels { get; internal init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>When it was created, in local time.</summary>
    public DateTimeOffset CreatedAt { get; internal init; }

    /// <summary>When its record was last changed, in local time.</summary>
    public DateTimeOffset UpdatedAt { get; internal init; }

    /// <summary>The runtime that runs its tasks, such as <c>io.containerd.runc.v2</c>.</summary>
    public string Runtime { get; internal init; } = string.Empty;

    /// <summary>The snapshotter that holds its root filesystem, such as <c>overlayfs</c>; empty without one.</summary>
    public string Snapshotter { get; internal init; } = string.Empty;

    /// <summary>The key of its root filesystem in the snapshotter; empty without one.</summary>
    public string SnapshotKey { get; internal init; } = string.Empty;

    /// <summary>The id of the sandbox it belongs to; empty for none (containerd 1.7 on).</summary>
    public string Sandbox { get; internal init; } = string.Empty;

    /// <summary>The type URLs of its extensions, by name.</summary>
    public ReadOnlyDictionary<string, string> Extensions { get; internal init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The OCI runtime spec, parsed when first asked for; null when the record has none.</summary>
    /// <exception cref="ContainerdException">The record holds something that is no OCI spec in JSON.</exception>
    public RuntimeSpec? Spec => spec.Value;

    /// <summary>The command line of its first process, as the spec has it; null when the spec cannot be read.</summary>
    public string? Command
    {
        get
        {
            try
            {
                return Spec?.Process?.Args is { } args ? string.Join(' ', args) : null;
            }
            catch (ContainerdException)
            {
                return null;
            }
        }
    }

    internal ReadOnlyMemory<byte> SpecJson { get; }

    /// <summary>Gives the id.</summary>
    /// <returns>The value of <see cref="Id"/>.</returns>
    public override string ToString() => Id;
}
