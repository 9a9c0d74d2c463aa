using System.Management.Automation;
using ContainerdPS.Images;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Compare-Container: compares the files of containers with those of their images: what was added, changed and removed.</para>
/// </summary>
[Cmdlet(VerbsData.Compare, "Container", DefaultParameterSetName = "Container")]
[OutputType(typeof(ContainerFileChange))]
public sealed class CompareContainerCommand : ContainerArgumentCmdlet
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

    private protected override string ArgumentName => nameof(Path);

    private protected override bool IsArgumentRequired => false;

    private protected override Task ProcessContainerAsync(ContainerReference container, NamespaceClient client, CancellationToken cancellationToken)
    {
        var wanted = new FileChangeFilter(Change, Argument?.Select(static given => given.Id).ToArray() ?? Path);
        return StartAsync(
            container.Source,
            client,
            token => ContainerComparison.RunAsync(client, container.Id, token),
            changes => wanted.Of(changes).ForEach(WriteObject),
            cancellationToken);
    }
}
