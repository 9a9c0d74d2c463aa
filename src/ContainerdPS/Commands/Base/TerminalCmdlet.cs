using System.Management.Automation;
using System.Management.Automation.Host;
using ContainerdPS.Completion;
using ContainerdPS.Pipeline;
using ContainerdPS.Processes;
using ContainerdPS.Services;
using ContainerdPS.Terminal;

namespace ContainerdPS.Commands;

/// <summary>The base of cmdlets that join this shell's terminal to a process in a container.</summary>
public abstract class TerminalCmdlet : NamespaceCmdlet
{
    /// <summary>
    /// <para>The container, by id or as an object.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    public ContainerReference? Container { get; set; }

    /// <summary>
    /// <para>The keys that leave the terminal while the process goes on: a character each, or ctrl- and a letter or one of @ [ \ ] ^ _, with commas between them. '' is none. Default: ctrl-p,ctrl-q.</para>
    /// </summary>
    [Parameter]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public string[] DetachKeys { get; set; } = ["ctrl-p", "ctrl-q"];

    /// <summary>The keys as they were given.</summary>
    private protected DetachKeys Keys { get; private set; } = Terminal.DetachKeys.Parse(string.Empty);

    private bool HasUser
    {
        get
        {
            try
            {
                // A host without a user has no screen, and says so only when it is asked for something of it.
                return Host.UI?.RawUI is { } screen && screen.WindowSize.Width > 0;
            }
            catch (Exception e) when (e is HostException or NotImplementedException)
            {
                return false;
            }
        }
    }

    private protected override Task BeginAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Unquoted, the commas between the keys make a list of them.
            Keys = Terminal.DetachKeys.Parse(string.Join(',', DetachKeys));
        }
        catch (ContainerdException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e, DetachKeys, null));
        }

        return Task.CompletedTask;
    }

    private protected sealed override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        ContainerReference container = Container!;
        foreach (NamespaceClient client in ClientsOf(container))
        {
            await EnterAsync(container, client, cancellationToken);
        }
    }

    /// <summary>Enters one container; what fails is written as an error about it.</summary>
    private protected abstract Task EnterAsync(ContainerReference container, NamespaceClient client, CancellationToken cancellationToken);

    /// <summary>Takes this shell's terminal, or says why it cannot be had.</summary>
    private protected HostTerminal OpenTerminal() => HostTerminal.Open(HasUser);

    /// <summary>Joins the terminal and a process until it ends, which sets $LASTEXITCODE, or is left.</summary>
    /// <param name="terminal">The terminal.</param>
    /// <param name="client">Where the process is.</param>
    /// <param name="process">The process.</param>
    /// <param name="isNew">Whether it was started for this terminal.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Whether it has ended.</returns>
    private protected async Task<bool> JoinAsync(HostTerminal terminal, NamespaceClient client, Attachment process, bool isNew, CancellationToken cancellationToken)
    {
        if (process.OtherReader is { } other)
        {
            WriteWarning($"{other} reads the output of {process.Address} too. Each of you gets only a part of it.");
        }

        await using var bridge = new TerminalBridge(client, terminal, process, Keys, isNew);
        bool hasEnded;
        try
        {
            hasEnded = await bridge.RunAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ContainerdException(ContainerdErrorCode.Cancelled, "This shell was told to end.") { Reason = "ShellEnding" };
        }

        if (hasEnded)
        {
            SessionState.PSVariable.Set("global:LASTEXITCODE", (int)(await process.Exit).ExitStatus);
        }

        return hasEnded;
    }

    /// <summary>Tells who sits at the terminal, and who collects the information stream, that a process was left.</summary>
    private protected void TellLeft(string text)
    {
        WriteInformation(text, ["detached"]);
        PipelinePump.Outside(() =>
        {
            // The cursor is wherever the process has left it.
            Host.UI.WriteLine();
            Host.UI.WriteLine(text);
        });
    }
}
