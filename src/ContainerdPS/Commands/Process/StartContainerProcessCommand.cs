using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Processes;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Start-ContainerProcess: executes a command in running containers in the background.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Start, "ContainerProcess", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerProcess))]
public sealed class StartContainerProcessCommand : ExecCmdlet
{
    /// <summary>
    /// <para>The containers, by id or as objects from Get-Container.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    public ContainerReference[] Container { get; set; } = [];

    /// <summary>
    /// <para>A file on the daemon's host to which the daemon appends both outputs. Left out, they are thrown away.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogPath { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (ContainerReference container in Container)
        {
            foreach (NamespaceClient client in ClientsOf(container))
            {
                if (await ShouldProcessAsync(container, client, Of(container, client), $"execute '{string.Join(' ', Command)}' in the background", cancellationToken))
                {
                    ExecRequest request = Request;
                    string? log = LogPath is null ? null : ShellPath.Resolve(this, LogPath);
                    await StartAsync(container.Source, client, token => ExecStart.StartAsync(client, container.Id, request, log, token), WriteObject, cancellationToken);
                }
            }
        }
    }
}
