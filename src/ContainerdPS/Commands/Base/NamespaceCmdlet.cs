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

    /// <summary>What a confirmation calls the container.</summary>
    private protected static string Of(ContainerReference container, NamespaceClient client) => $"container '{container.Id}' in namespace '{client.Namespace}'";

    /// <summary>Asks whether to, and with -WhatIf whether the container is there.</summary>
    private protected Task<bool> ShouldProcessAsync(
        ContainerReference container, NamespaceClient client, string target, string action, CancellationToken cancellationToken) => ShouldProcessAsync(
            target,
            action,
            container.Source,
            client,
            () => client.Containers.GetAsync(Identifiers.Validated(ObjectKinds.Container, container.Id), cancellationToken),
            cancellationToken);
}
