using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Images;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Test-ContainerImage: tells whether all content of images is here and right, and whether it is unpacked.</para>
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "ContainerImage")]
[OutputType(typeof(bool))]
[OutputType(typeof(ContainerImageTestResult))]
public sealed class TestContainerImageCommand : ImageOperandCmdlet
{
    /// <summary>
    /// <para>The platforms to look at, such as linux/arm64. Default: this machine's.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PlatformCompleter))]
    public string[]? Platform { get; set; }

    /// <summary>
    /// <para>Looks at all platforms the image lists.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter AllPlatforms { get; set; }

    /// <summary>
    /// <para>Reads every byte of every blob and compares it with its digest. Without it, blobs are looked up by their size.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Full { get; set; }

    /// <summary>
    /// <para>Also asks that the layers be unpacked.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Unpacked { get; set; }

    /// <summary>
    /// <para>The snapshotter in which unpacked layers are looked for. Default: the namespace's.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SnapshotterCompleter))]
    public string? Snapshotter { get; set; }

    /// <summary>
    /// <para>Gives an object with what is missing or damaged, not just true or false.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    private protected override Task ProcessImageAsync(ContainerImageReference image, NamespaceClient client, CancellationToken cancellationToken) => StartAsync(
        image.Source,
        client,
        token =>
        {
            var request = new ImageCheckRequest
            {
                Platforms = Platform?.Select(Platforms.Parse).ToArray() ?? [],
                AllPlatforms = AllPlatforms,
                Full = Full,
                Snapshotter = Snapshotter,
            };
            return ImageCheck.RunAsync(client, image.Name, request, token);
        },
        Write,
        cancellationToken);

    private void Write(ContainerImageTestResult result)
    {
        WriteVerbose(result.Message ?? $"The image '{result.Image}' is complete and {(result.IsUnpacked ? string.Empty : "not ")}unpacked in '{result.Snapshotter}'.");
        WriteObject(Detailed ? result : result.IsComplete && (result.IsUnpacked || !Unpacked));
    }
}
