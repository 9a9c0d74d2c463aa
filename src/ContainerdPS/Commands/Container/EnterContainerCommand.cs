using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Processes;
using ContainerdPS.Services;
using ContainerdPS.Terminal;
using ContainerdPS.Transformation;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Enter-Container: starts a shell, or another command, in a running container and joins this terminal to it.</para>
/// </summary>
[Cmdlet(VerbsCommon.Enter, "Container", SupportsShouldProcess = true, DefaultParameterSetName = "Command")]
[OutputType(typeof(void))]
public sealed class EnterContainerCommand : TerminalCmdlet
{
    /// <summary>
    /// <para>The command and its arguments, one text each: web bash -l. Default: the shell that /etc/passwd in the container names for the user, else /bin/sh.</para>
    /// </summary>
    [Parameter(Position = 1, ParameterSetName = "Command", ValueFromRemainingArguments = true)]
    [ValidateNotNullOrEmpty]
    public string[]? Command { get; set; }

    /// <summary>
    /// <para>Enters a process that is there already, by its id: one that was left, or was started by Start-ContainerProcess -Terminal.</para>
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "Process")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProcessCompleter))]
    public string? Process { get; set; }

    /// <summary>
    /// <para>Environment variables: @{ NAME = 'value' }, texts 'NAME=value', or 'NAME' to remove one the container has.</para>
    /// </summary>
    [Parameter(ParameterSetName = "Command")]
    [LabelTransformation(AllowKeyOnly = true)]
    public Dictionary<string, string?>? Environment { get; set; }

    /// <summary>
    /// <para>The user it runs as: name, uid, name:group or uid:gid. Default: the container's.</para>
    /// </summary>
    [Parameter(ParameterSetName = "Command")]
    [ValidateNotNullOrEmpty]
    public string? User { get; set; }

    /// <summary>
    /// <para>The folder it starts in, an absolute path in the container. Default: the container's.</para>
    /// </summary>
    [Parameter(ParameterSetName = "Command")]
    [ValidateNotNullOrEmpty]
    public string? WorkingDirectory { get; set; }

    /// <summary>
    /// <para>Gives the process all capabilities.</para>
    /// </summary>
    [Parameter(ParameterSetName = "Command")]
    public SwitchParameter Privileged { get; set; }

    /// <summary>
    /// <para>The id to execute it by, unique in the container. Default: a random one.</para>
    /// </summary>
    [Parameter(ParameterSetName = "Command")]
    [ValidateNotNullOrEmpty]
    public string? Id { get; set; }

    private protected override async Task EnterAsync(ContainerReference container, NamespaceClient client, CancellationToken cancellationToken)
    {
        // A process that is piped is what is to be entered, unless a command is asked for.
        string? id = Process ?? (Command is null && container.Source is ContainerProcess { Id.Length: > 0 } piped ? piped.Id : null);
        if (id is not null)
        {
            await TryAsync(Process ?? container.Source, client, () => EnterProcessAsync(client, new ProcessAddress(container.Id, id), cancellationToken), cancellationToken);
        }
        else if (await ShouldProcessAsync(
            container, client, Of(container, client), $"execute {(Command is null ? "a shell" : $"'{string.Join(' ', Command)}'")} on this terminal", cancellationToken))
        {
            await TryAsync(container.Source, client, () => EnterNewAsync(client, container.Id, cancellationToken), cancellationToken);
        }
    }

    private async Task EnterNewAsync(NamespaceClient client, string container, CancellationToken cancellationToken)
    {
        using HostTerminal terminal = OpenTerminal();
        var request = new ExecRequest
        {
            Id = Id,
            Command = Command ?? [],
            Environment = Environment?.Select(static variable => variable.Value is null ? variable.Key : $"{variable.Key}={variable.Value}").ToArray(),
            User = User,
            WorkingDirectory = WorkingDirectory,
            Terminal = true,
            Privileged = Privileged,
        };
        (ProcessAddress address, _) = await TerminalExec.StartAsync(client, container, request, terminal.Size, cancellationToken);
        bool goesOn = false;
        try
        {
            await using Attachment process = await Attachment.OpenAsync(client, address, withInput: true, cancellationToken);
            goesOn = !await JoinAsync(terminal, client, process, isNew: true, cancellationToken);
        }
        finally
        {
            if (!goesOn)
            {
                await TerminalExec.EndAsync(client, address);
            }
        }

        if (goesOn)
        {
            TellProcessLeft(address);
        }
    }

    private async Task EnterProcessAsync(NamespaceClient client, ProcessAddress address, CancellationToken cancellationToken)
    {
        Identifiers.Validated(ObjectKinds.Container, address.Container);
        Identifiers.Validated(ObjectKinds.Process, address.Exec);
        using HostTerminal terminal = OpenTerminal();
        bool hasEnded;
        await using (Attachment process = await Attachment.OpenAsync(client, address, withInput: true, cancellationToken))
        {
            process.DemandRunning(orEnded: true);
            hasEnded = await JoinAsync(terminal, client, process, isNew: false, cancellationToken);
        }

        if (hasEnded)
        {
            await TerminalExec.EndAsync(client, address);
        }
        else
        {
            TellProcessLeft(address);
        }
    }

    private void TellProcessLeft(ProcessAddress address) => TellLeft(
        $"Left the process '{address.Exec}', which goes on. Enter-Container {address.Container} -Process {address.Exec} enters it again; Remove-ContainerProcess {address.Container} {address.Exec} -Force ends it.");
}
