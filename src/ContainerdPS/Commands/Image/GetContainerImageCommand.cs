using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Containers;
using ContainerdPS.Images;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Get-ContainerImage: gets images with their platforms and the size of their content.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "ContainerImage", DefaultParameterSetName = "Name")]
[OutputType(typeof(ContainerImage))]
public sealed class GetContainerImageCommand : NamespacesReadCmdlet
{
    /// <summary>
    /// <para>The names wanted, full or short (busybox); wildcards are allowed. Left out, all are given.</para>
    /// </summary>
    [Parameter(Position = 0, ParameterSetName = "Name", ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public string[]? Name { get; set; }

    /// <summary>
    /// <para>Images to read again, each where it came from.</para>
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "InputObject", ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerImage[]? InputObject { get; set; }

    /// <summary>
    /// <para>Containers, as objects from Get-Container, whose images are wanted.</para>
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "Container", ValueFromPipeline = true)]
    [ValidateNotNull]
    public Container[]? Container { get; set; }

    /// <summary>
    /// <para>Filters in containerd's own language, such as 'name~=busybox'; one has to match.</para>
    /// </summary>
    [Parameter(ParameterSetName = "Name")]
    [ValidateNotNullOrEmpty]
    public string[]? Filter { get; set; }

    /// <summary>
    /// <para>How many images are looked into at once.</para>
    /// </summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 16;

    private protected override int MaxInFlight => ThrottleLimit;

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (ContainerImage image in InputObject ?? [])
        {
            NamespaceClient client = Client(image.Session, image.Namespace);
            await StartNamedAsync(client, image.Name, image, cancellationToken);
        }

        foreach (Container container in Container ?? [])
        {
            NamespaceClient client = Client(container.Session, container.Namespace);
            await StartAsync(
                container,
                client,
                async token => await ReadAsync(client, await ContainerOrigin.ImageAsync(client, container.Id, token).ConfigureAwait(false), token).ConfigureAwait(false),
                WriteObject,
                cancellationToken);
        }

        if (InputObject is not null || Container is not null)
        {
            return;
        }

        foreach (NamespaceClient client in await ClientsAsync(cancellationToken))
        {
            foreach (string name in Name?.Where(static name => !WildcardPattern.ContainsWildcardCharacters(name)) ?? [])
            {
                await StartNamedAsync(client, name, name, cancellationToken);
            }

            string[] patterns = Name?.Where(WildcardPattern.ContainsWildcardCharacters).ToArray() ?? [];
            if (Name is null || patterns.Length > 0)
            {
                await ListAsync(client, patterns, cancellationToken);
            }
        }
    }

    private async Task ListAsync(NamespaceClient client, string[] patterns, CancellationToken cancellationToken)
    {
        IReadOnlyList<Wire.ImagesV1.Image> images = [];
        if (!await TryAsync(Name, client, async () => images = await client.Images.ListAsync(Filter ?? [], cancellationToken), cancellationToken))
        {
            return;
        }

        Func<string, bool>? wanted = patterns.Length == 0 ? null : NamePatterns.Any(patterns, ignoreCase: false);
        foreach (Wire.ImagesV1.Image image in images)
        {
            if (wanted is null || wanted(image.Name) || wanted(Formatting.Image(image.Name)))
            {
                await StartAsync(image.Name, client, token => ReadAsync(client, image, token), WriteObject, cancellationToken);
            }
        }
    }

    private Task StartNamedAsync(NamespaceClient client, string name, object target, CancellationToken cancellationToken) => StartAsync(
        async token =>
        {
            try
            {
                ContainerImage image = await ReadAsync(client, await ImageLookup.GetAsync(client, name, token).ConfigureAwait(false), token).ConfigureAwait(false);
                return () => WriteObject(image);
            }
            catch (ContainerdException e) when (e.Code == ContainerdErrorCode.NotFound && ReadsMany)
            {
                return null;
            }
            catch (Exception e) when (IsFailure(e))
            {
                ErrorRecord record = await RecordAsync(e, target, client, token).ConfigureAwait(false);
                return () => WriteError(record);
            }
        },
        cancellationToken);

    private static async Task<ContainerImage> ReadAsync(NamespaceClient client, Wire.ImagesV1.Image image, CancellationToken cancellationToken)
    {
        ImageContents? contents;
        try
        {
            contents = await new ImageReader(client).ContentsAsync(Mapping.DescriptorMapping.FromWire(image.Target), cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (e.Code is ContainerdErrorCode.NotFound or ContainerdErrorCode.InvalidArgument or ContainerdErrorCode.ResourceExhausted)
        {
            // The record is there whatever became of its content; size and platforms stay unknown.
            contents = null;
        }

        return client.Images.ToModel(image, contents);
    }
}
