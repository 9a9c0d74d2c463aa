using System.Management.Automation;
using ContainerdPS.Images;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Compare-Container: compares the files of containers with those of their images: what was added, changed and removed.</para>
/// </summary>
[Cmdlet(VerbsData.Compare, "Container")]
[OutputType(typeof(ContainerFileChange))]
public sealed class CompareContainerCommand : ContainerOperandCmdlet
{
    /// <summary>
    /// <para>The changes wanted. Left out, all are given.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public ContainerFileChangeKind[]? Change { get; set; }

    /// <summary>
    /// <para>The paths wanted; wildcards are allowed, and * also stands for slashes. Left out, all are given.</para>
    /// </summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? Path { get; set; }

    private protected override Task ProcessContainerAsync(ContainerReference container, NamespaceClient client, CancellationToken cancellationToken)
    {
        Func<string, bool>? wanted = Path is null ? null : NamePatterns.Any(Path, ignoreCase: false);
        return StartAsync(
            container.Source,
            client,
            token => ContainerComparison.RunAsync(client, container.Id, token),
            changes =>
            {
                foreach (ContainerFileChange change in changes)
                {
                    if ((Change is null || Change.Contains(change.Change)) && (wanted is null || wanted(change.Path)))
                    {
                        WriteObject(change);
                    }
                }
            },
            cancellationToken);
    }
}
