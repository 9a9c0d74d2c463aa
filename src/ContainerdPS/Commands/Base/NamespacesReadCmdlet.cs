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
    private protected async Task<IReadOnlyList<NamespaceClient>> ClientsAsync(CancellationToken cancellationToken)
    {
        var clients = new List<NamespaceClient>();
        foreach (ContainerdSession session in Sessions)
        {
            if (Namespace is null)
            {
                clients.Add(Client(session, null));
                continue;
            }

            IReadOnlyList<string>? existing = null;
            foreach (string given in Namespace)
            {
                if (!WildcardPattern.ContainsWildcardCharacters(given))
                {
                    clients.Add(Client(session, given));
                    continue;
                }

                NamespaceClient asking = Client(session, null);
                await TryAsync(
                    given,
                    asking,
                    async () => existing ??= (await asking.Namespaces.ListAsync(cancellationToken)).Select(static found => found.Name).ToArray(),
                    cancellationToken);
                var pattern = WildcardPattern.Get(given, WildcardOptions.IgnoreCase);
                clients.AddRange((existing ?? []).Where(pattern.IsMatch).Select(name => Client(session, name)));
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
