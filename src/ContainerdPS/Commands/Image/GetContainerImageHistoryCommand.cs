using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Images;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Get-ContainerImageHistory: tells how images came about: their layers with the commands that made them, newest first.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "ContainerImageHistory")]
[OutputType(typeof(ContainerImageHistory))]
public sealed class GetContainerImageHistoryCommand : ImageOperandCmdlet
{
    /// <summary>
    /// <para>The platform wanted of an image for several, such as linux/arm64. Default: this machine's.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PlatformCompleter))]
    public string? Platform { get; set; }

    /// <summary>
    /// <para>The snapshotter in which unpacked layers are looked for. Default: the namespace's.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SnapshotterCompleter))]
    public string? Snapshotter { get; set; }

    private protected override Task ProcessImageAsync(ContainerImageReference image, NamespaceClient client, CancellationToken cancellationToken) => StartAsync(
        image.Source,
        client,
        async token =>
        {
            OciPlatform? platform = Platform is null ? null : Platforms.Parse(Platform);
            PlatformImage found = await PlatformImage.FindAsync(client, image.Name, platform, token).ConfigureAwait(false);
            return await ImageHistory.ReadAsync(client, found, Snapshotter, token).ConfigureAwait(false);
        },
        steps =>
        {
            foreach (ContainerImageHistory step in steps)
            {
                WriteObject(step);
            }
        },
        cancellationToken);
}
