using System.Management.Automation;
using ContainerdPS.Contents;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Export-ContainerdContent: writes blobs to files, whole and verified or not at all.</para>
/// </summary>
[Cmdlet(VerbsData.Export, "ContainerdContent", DefaultParameterSetName = "Content", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportContainerdContentCommand : ContentArgumentCmdlet
{
    private readonly TransferProgress progress = new();

    /// <summary>What each file that is not in a folder named is to hold.</summary>
    private readonly Dictionary<string, string> files = new(StringComparer.Ordinal);

    /// <summary>
    /// <para>The file to write, for one blob; or a folder, in which each blob becomes a file named by the hexadecimal digits of its digest. A script block gets the piped blob as $_.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = "Content")]
    [Parameter(Position = 1, ParameterSetName = "InputObject", ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>
    /// <para>Replaces files that are there.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override string ArgumentName => nameof(Path);

    private protected override async Task ProcessContentAsync(ContainerdContentReference content, NamespaceClient client, CancellationToken cancellationToken)
    {
        string given = Argument is null ? Path : PipedOperands.OnlyText(Argument, ArgumentName);
        string path = ShellPath.File(this, given);
        if (Directory.Exists(path))
        {
            path = System.IO.Path.Combine(path, content.Digest[(content.Digest.IndexOf(':', StringComparison.Ordinal) + 1)..]);
        }

        if (!files.TryAdd(path, content.Digest) && files[path] != content.Digest)
        {
            var failure = new ContainerdException(
                ContainerdErrorCode.InvalidArgument, $"'{path}' is the file of {files[path]} already: more blobs than one need a folder, and '{given}' is none. Make it first.") { Reason = "AmbiguousPath" };
            await StartAsync(content.Source, client, _ => Task.FromException<FileInfo>(failure), Write, cancellationToken);
            return;
        }

        if (await ShouldProcessAsync(content, client, $"'{path}'", $"write the {BlobOf(content, client)}", cancellationToken))
        {
            Task started = StartAsync(
                content.Source,
                client,
                progress.Follow((report, token) => ContentExport.RunAsync(client, content.Digest, path, Force, report, token)),
                Write,
                cancellationToken);
            await ShowAsync(started, 0, "Exporting content", progress.Look);
            await started;
        }
    }

    private protected override Task EndAsync(CancellationToken cancellationToken) => ShowAsync(progress.Ended, 0, "Exporting content", progress.Look);

    /// <summary>As the provider gives it: with the properties its view shows.</summary>
    private void Write(FileInfo written)
    {
        foreach (PSObject file in InvokeProvider.Item.Get([written.FullName], force: true, literalPath: true))
        {
            WriteObject(file);
        }
    }
}
