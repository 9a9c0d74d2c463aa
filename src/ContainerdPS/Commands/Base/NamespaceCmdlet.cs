using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>The base of cmdlets that work in one namespace.</summary>
public abstract class NamespaceCmdlet : SessionCmdlet
{
    /// <summary>
    /// <para>The containerd namespace. Left out, a piped object's own namespace is used, else the session's.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public string? Namespace { get; set; }

    /// <summary>The clients for what is named by text: one a session.</summary>
    private protected IEnumerable<NamespaceClient> Clients => Sessions.Select(session => Client(session, Namespace));

    /// <summary>The clients for an object: where it came from, unless a session or a namespace was given.</summary>
    private protected IEnumerable<NamespaceClient> ClientsOf(ContainerdReference? reference)
    {
        IReadOnlyList<ContainerdSession> sessions = Session is null && reference?.Session is { } own ? [own] : Sessions;
        foreach (ContainerdSession session in sessions)
        {
            yield return Client(session, Namespace ?? reference?.Namespace);
        }
    }
}
