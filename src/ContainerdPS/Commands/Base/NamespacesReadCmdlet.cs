using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>The base of cmdlets that read from one or many namespaces.</summary>
public abstract class NamespacesReadCmdlet : SessionCmdlet
{
    /// <summary>
    /// <para>The containerd namespaces to read; wildcards are allowed, * reads them all. Left out, the session's is read.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public string[]? Namespace { get; set; }

    /// <summary>Whether a namespace was named by a wildcard, so that not finding something in one of them is no error.</summary>
    private protected bool ReadsMany => Namespace is { Length: > 1 } || (Namespace is not null && WildcardPattern.ContainsWildcardCharacters(Namespace[0]));

    /// <summary>The clients to read through: one a session and namespace.</summary>
    private protected Task<IReadOnlyList<NamespaceClient>> ClientsAsync(CancellationToken cancellationToken) =>
        ClientsAsync(Sessions, Namespace ?? (IReadOnlyList<string?>)[null], cancellationToken);

    /// <summary>The clients to read a piped object through: where it came from, unless a session or a namespace was given.</summary>
    private protected Task<IReadOnlyList<NamespaceClient>> ClientsOfAsync(ContainerdObject input, CancellationToken cancellationToken) =>
        ClientsAsync(Session ?? [input.Session], Namespace ?? [input.Namespace], cancellationToken);

    private async Task<IReadOnlyList<NamespaceClient>> ClientsAsync(
        IReadOnlyList<ContainerdSession> sessions, IReadOnlyList<string?> namespaces, CancellationToken cancellationToken)
    {
        var clients = new List<NamespaceClient>();
        foreach (ContainerdSession session in sessions)
        {
            IReadOnlyList<string>? existing = null;
            foreach (string? given in namespaces)
            {
                if (given is null || !WildcardPattern.ContainsWildcardCharacters(given))
                {
                    clients.Add(Client(session, given));
                    continue;
                }

                NamespaceClient asking = Client(session, null);
                await TryAsync(
                    given,
                    asking,
                    async () =>
                    {
                        existing ??= (await asking.Namespaces.ListAsync(cancellationToken)).Select(static found => found.Name).ToArray();
                        clients.AddRange(existing.Where(NamePatterns.Any([given], ignoreCase: true)).Select(name => Client(session, name)));
                    },
                    cancellationToken);
            }
        }

        return clients;
    }

    /// <summary>Starts reading what is named; asked of many namespaces, it need not be in each.</summary>
    private protected Task StartNamedAsync<T>(
        object? target, NamespaceClient client, Func<CancellationToken, Task<T>> read, Action<T> write, CancellationToken cancellationToken) =>
        StartAsync(
            async token =>
            {
                try
                {
                    T result = await read(token).ConfigureAwait(false);
                    return () => write(result);
                }
                catch (ContainerdException e) when (e.Code == ContainerdErrorCode.NotFound && ReadsMany)
                {
                    return null;
                }
                catch (Exception e) when (IsFailure(e))
                {
                    ErrorRecord record = await RecordAsync(e, target, client, token).ConfigureAwait(false);
                    return () => WriteError(record);
                }
            },
            cancellationToken);
}
