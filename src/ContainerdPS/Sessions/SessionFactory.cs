using ContainerdPS.Services;
using ContainerdPS.Transport;

namespace ContainerdPS.Sessions;

/// <summary>Makes sessions. Making one does not talk to the daemon yet: <see cref="VerifyAsync"/> does.</summary>
internal static class SessionFactory
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    private static readonly Dictionary<(string Address, string Namespace), ContainerdSession> Shared = new();

    /// <summary>
    /// The session for the default address and namespace. Runspaces share it, so that ForEach-Object -Parallel opens one
    /// connection, and what one runspace read can be piped on in another.
    /// </summary>
    public static ContainerdSession Default()
    {
        (string Address, string Namespace) key = DefaultKey();
        lock (Shared)
        {
            if (!Shared.TryGetValue(key, out ContainerdSession? session) || session.State == ContainerdSessionState.Closed)
            {
                session = Create(key.Address, key.Namespace, null);
                Shared[key] = session;
            }

            return session;
        }
    }

    /// <summary>Whether that is the session for the default address and namespace as they are now.</summary>
    public static bool IsDefault(ContainerdSession session)
    {
        lock (Shared)
        {
            return Shared.TryGetValue(DefaultKey(), out ContainerdSession? known) && ReferenceEquals(known, session);
        }
    }

    public static ContainerdSession Create(string? address, string? @namespace, TimeSpan? timeout, ContainerdDaemon? daemon = null)
    {
        ContainerdAddress parsed = ContainerdAddress.Parse(address ?? ContainerdAddress.DefaultText);
        TimeSpan limit = timeout ?? DefaultTimeout;
        @namespace = Identifiers.Validated("namespace", @namespace ?? NamespaceDefault());
#pragma warning disable CA2000 // The session disposes its connection.
        return new ContainerdSession(parsed.Path, @namespace, limit, new ContainerdClient(parsed, limit)) { Daemon = daemon };
#pragma warning restore CA2000
    }

    /// <summary>Asks the daemon for its version.</summary>
    /// <returns>The release, such as <c>1.6.20</c> or <c>v2.1.9</c>.</returns>
    /// <exception cref="ContainerdException">It cannot be reached, is no containerd, or does not answer in time.</exception>
    public static async Task<string> VerifyAsync(ContainerdSession session, CancellationToken cancellationToken)
    {
        try
        {
            return (await new NamespaceClient(session, session.Namespace).Version.GetAsync(cancellationToken).ConfigureAwait(false)).Version;
        }
        catch (ContainerdException e) when (e.Code == ContainerdErrorCode.Unimplemented)
        {
            throw new ContainerdException(
                ContainerdErrorCode.Unavailable,
                $"What listens on '{session.Address}' speaks gRPC, but is not a containerd. Give the address of a containerd daemon, by default /run/containerd/containerd.sock.",
                e) { Reason = "NotAContainerd" };
        }
        catch (ContainerdException e) when (e.Reason == "ConnectionLost")
        {
            throw await ServerProbe.IsForeignAsync(ContainerdAddress.Parse(session.Address), cancellationToken).ConfigureAwait(false) ? RpcErrors.Foreign(e) : e;
        }
    }

    private static (string Address, string Namespace) DefaultKey() => (ContainerdAddress.DefaultText, NamespaceDefault());

    private static string NamespaceDefault() =>
        Environment.GetEnvironmentVariable("CONTAINERD_NAMESPACE") is { Length: > 0 } given ? given : "default";
}
