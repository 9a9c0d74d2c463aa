using System.Management.Automation;
using System.Text;
using ContainerdPS.Completion;
using ContainerdPS.Pipeline;
using ContainerdPS.Processes;
using ContainerdPS.Services;
using ContainerdPS.TaskIO;
using ContainerdPS.Transformation;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Receive-ContainerTask: gives the output of tasks line by line as it comes, until they end.</para>
/// </summary>
[Cmdlet(VerbsCommunications.Receive, "ContainerTask")]
[OutputType(typeof(string))]
[OutputType(typeof(byte[]))]
[OutputType(typeof(ContainerResult))]
public sealed class ReceiveContainerTaskCommand : NamespaceCmdlet
{
    /// <summary>
    /// <para>The containers, by id or as objects from Get-Container or Get-ContainerTask. They are read one after the other.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    public ContainerReference[] Container { get; set; } = [];

    /// <summary>
    /// <para>Gives what is there now and does not wait for more. A line that is not finished stays for the next time.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <summary>
    /// <para>How text is encoded: utf8, ascii, unicode, latin1 and others, or a code page. Default: utf8.</para>
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
    /// <para>Gives one object a container with the exit status, the output and the times, not the lines; a task that failed is then no error.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override Task BeginAsync(CancellationToken cancellationToken)
    {
        if (PassThru && (AsByteStream || NoWait))
        {
            ThrowTerminatingError(ErrorRecords.From(
                new ContainerdException(
                    ContainerdErrorCode.InvalidArgument,
                    AsByteStream ? "-PassThru collects lines and -AsByteStream gives bytes. Give one of them." : "-PassThru tells how the task has ended, for which -NoWait does not wait. Give one of them.") { Reason = "ConflictingOutput" },
                null,
                null));
        }

        return Task.CompletedTask;
    }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (ContainerReference container in Container)
        {
            foreach (NamespaceClient client in ClientsOf(container))
            {
                await TryAsync(container.Source, client, () => ReceiveAsync(container, client, cancellationToken), cancellationToken);
            }
        }
    }

    private async Task ReceiveAsync(ContainerReference container, NamespaceClient client, CancellationToken cancellationToken)
    {
        Identifiers.Validated(ObjectKinds.Container, container.Id);
        await using Attachment process = await Attachment.OpenAsync(client, container.Id, withInput: false, cancellationToken);
        if (process.OtherReader is { } other)
        {
            WriteWarning($"{other} reads the output of {process.Address} too. Each of you gets only a part of it.");
        }

        var source = new AttachedOutput(process, Encoding, AsByteStream);
        var output = new CommandOutput(this, client, container.Source, PassThru);
        if (NoWait)
        {
            foreach (OutputPiece piece in source.ReadPresent())
            {
                output.Take(piece);
            }

            return;
        }

        RunFacts facts = await process.FactsAsync(cancellationToken);
        await foreach (OutputPiece piece in source.ReadAsync(cancellationToken))
        {
            output.Take(piece);
        }

        output.Finish(facts, await process.StatusAsync());
    }
}
