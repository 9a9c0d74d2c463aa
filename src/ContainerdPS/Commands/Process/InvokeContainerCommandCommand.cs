using System.Management.Automation;
using System.Text;
using ContainerdPS.Completion;
using ContainerdPS.Pipeline;
using ContainerdPS.Processes;
using ContainerdPS.Services;
using ContainerdPS.Transformation;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Invoke-ContainerCommand: executes a command in running containers and gives its output line by line as it comes.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "ContainerCommand", SupportsShouldProcess = true)]
[OutputType(typeof(string))]
[OutputType(typeof(byte[]))]
[OutputType(typeof(ContainerResult))]
public sealed class InvokeContainerCommandCommand : ExecCmdlet
{
    private readonly Queue<(ContainerReference Container, NamespaceClient Client, Task<CommandRun> Run, CommandOutput Output)> running = new();
    private bool begun;

    /// <summary>
    /// <para>The containers, by id or as objects. Left out, they come down the pipeline.</para>
    /// </summary>
    [Parameter(Position = 0)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    public ContainerReference[]? Container { get; set; }

    /// <summary>
    /// <para>With -Container: the input of the command, bytes as they are and everything else as lines of text; its end is the command's end of input. Without: the containers.</para>
    /// </summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    public PSObject? InputObject { get; set; }

    /// <summary>
    /// <para>How text is encoded, of input and output: utf8, ascii, unicode, latin1 and others, or a code page. Default: utf8.</para>
    /// </summary>
    [Parameter]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public Encoding Encoding { get; set; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <summary>
    /// <para>Gives the output as bytes, in arrays of up to 64 KiB as they come, not as lines of text.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter AsByteStream { get; set; }

    /// <summary>
    /// <para>Gives one object a container with the exit status, the output and the times, not the lines; a failed command is then no error.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (PassThru && AsByteStream)
        {
            End("ConflictingOutput", "-PassThru collects lines and -AsByteStream gives bytes. Give one of them.");
        }

        if (Container is null && !MyInvocation.ExpectingInput)
        {
            End("ContainerRequired", "There is no container to execute the command in. Give -Container, or pipe containers.");
        }

        if (Container is not null && !MyInvocation.ExpectingInput)
        {
            await StartAllAsync(stdin: false, cancellationToken);
        }
    }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        if (!MyInvocation.ExpectingInput)
        {
            return;
        }

        if (Container is null)
        {
            if (!LanguagePrimitives.TryConvertTo(InputObject?.BaseObject, out ContainerReference? piped) || piped is null)
            {
                WriteError(ErrorRecords.From(
                    new ContainerdException(ContainerdErrorCode.InvalidArgument, $"'{InputObject}' is not a container. Pipe containers or their ids; with -Container the pipeline is the command's input.") { Reason = "NotAContainer" },
                    InputObject,
                    null));
                return;
            }

            await StartAsync(piped, stdin: false, cancellationToken);
            return;
        }

        if (InputObject?.BaseObject is ContainerdObject)
        {
            End("ContainersAsInput", $"Containers are piped and -Container is given as well ('{string.Join(", ", (object[])Container)}'), so they would be the input of the command. For a command in the piped containers, name it: -Command {string.Join(", ", Container.Select(static word => word.Id).Concat(Command))}.");
        }

        await StartAllAsync(stdin: true, cancellationToken);
        await FeedAsync(ProcessInput.Bytes(InputObject, Encoding), cancellationToken);
    }

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        if (Container is not null && MyInvocation.ExpectingInput)
        {
            await StartAllAsync(stdin: true, cancellationToken);
            foreach ((_, _, Task<CommandRun> run, _) in running.Where(static entry => entry.Run.IsCompletedSuccessfully))
            {
                await (await run).EndInputAsync(cancellationToken);
            }
        }

        while (running.Count > 0)
        {
            await FinishFirstAsync(cancellationToken);
        }
    }

    private protected override async Task ReleaseAsync()
    {
        foreach ((_, _, Task<CommandRun> run, _) in running)
        {
            await ((Task)run).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            if (run.IsCompletedSuccessfully)
            {
                await (await run).DisposeAsync();
            }
        }

        running.Clear();
    }

    private async Task StartAllAsync(bool stdin, CancellationToken cancellationToken)
    {
        if (begun)
        {
            return;
        }

        begun = true;
        foreach (ContainerReference container in Container!)
        {
            await StartAsync(container, stdin, cancellationToken);
        }

        // Input is for all of them, so all must be there, or known not to be.
        if (stdin)
        {
            await Task.WhenAll(running.Select(static entry => (Task)entry.Run)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    private async Task StartAsync(ContainerReference container, bool stdin, CancellationToken cancellationToken)
    {
        foreach (NamespaceClient client in ClientsOf(container))
        {
            if (!await ShouldProcessAsync(container, client, Of(container, client), $"execute '{string.Join(' ', Command)}'", cancellationToken))
            {
                continue;
            }

            while (!stdin && running.Count >= ThrottleLimit)
            {
                await FinishFirstAsync(cancellationToken);
            }

            ExecRequest request = Request;
            bool asBytes = AsByteStream;
            running.Enqueue((
                container,
                client,
                Task.Run(() => CommandRun.ExecAsync(client, container.Id, request, stdin, Encoding, asBytes, cancellationToken), CancellationToken.None),
                new CommandOutput(this, client, container.Source, PassThru)));
        }
    }

    /// <summary>Writes input to every command; what they write meanwhile is taken, so that they can go on reading.</summary>
    private async Task FeedAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        foreach ((_, _, Task<CommandRun> started, CommandOutput output) in running.Where(static entry => entry.Run.IsCompletedSuccessfully))
        {
            CommandRun run = await started;
            await output.DrainWhileAsync(run, run.WriteAsync(input, cancellationToken), running.Peek().Run == started, cancellationToken);
        }
    }

    private async Task FinishFirstAsync(CancellationToken cancellationToken)
    {
        (ContainerReference container, NamespaceClient client, Task<CommandRun> started, CommandOutput output) = running.Peek();
        await TryAsync(
            container.Source,
            client,
            async () =>
            {
                CommandRun run = await started;
                try
                {
                    await output.DrainAsync(run, cancellationToken);
                }
                finally
                {
                    await run.DisposeAsync();
                }
            },
            cancellationToken);
        running.Dequeue();
    }

    private void End(string reason, string message) =>
        ThrowTerminatingError(ErrorRecords.From(new ContainerdException(ContainerdErrorCode.InvalidArgument, message) { Reason = reason }, null, null));
}
