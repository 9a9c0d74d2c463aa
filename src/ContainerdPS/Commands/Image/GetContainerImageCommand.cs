using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Containers;
using ContainerdPS.Images;
using ContainerdPS.Services;
using ContainerdPS.Transformation;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Get-ContainerImage: gets images with their platforms, the sizes of their content and of their unpacked layers, and the containers made from them.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "ContainerImage", DefaultParameterSetName = "Name")]
[OutputType(typeof(ContainerImage))]
public sealed class GetContainerImageCommand : NamespacesReadCmdlet
{
    private readonly ImageSurveys surveys = new();

    /// <summary>
    /// <para>The names wanted, full or short (busybox), or digests, which may be cut to 12 digits; wildcards are allowed. Left out, all are given.</para>
    /// </summary>
    [Parameter(Position = 0, ParameterSetName = "Name", ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public string[]? Name { get; set; }

    /// <summary>
    /// <para>Images to read again, each where it came from unless -Session or -Namespace says otherwise.</para>
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
    /// <para>Labels the images must have: @{ team = 'web' }, or texts 'team=web', or 'team' alone for any value. All must match.</para>
    /// </summary>
    [Parameter(ParameterSetName = "Name")]
    [ValidateNotNullOrEmpty]
    [LabelTransformation(AllowKeyOnly = true)]
    public Dictionary<string, string?>? Label { get; set; }

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
            foreach (NamespaceClient client in await ClientsOfAsync(image, cancellationToken))
            {
                await StartNamedAsync(client, image.Name, image, cancellationToken);
            }
        }

        foreach (Container container in Container ?? [])
        {
            foreach (NamespaceClient client in await ClientsOfAsync(container, cancellationToken))
            {
                ImageSurvey survey = surveys.Of(client);
                await base.StartNamedAsync(
                    container,
                    client,
                    async token => await survey.ReadAsync(await ContainerOrigin.ImageAsync(client, container.Id, token).ConfigureAwait(false), token).ConfigureAwait(false),
                    WriteObject,
                    cancellationToken);
            }
        }

        if (InputObject is not null || Container is not null)
        {
            return;
        }

        foreach (NamespaceClient client in await ClientsAsync(cancellationToken))
        {
            // With a filter it is the daemon that chooses, among the names given.
            string[] patterns = Name?.Where(name => Filter is not null || WildcardPattern.ContainsWildcardCharacters(name)).ToArray() ?? [];
            foreach (string name in Name?.Where(name => !patterns.Contains(name)) ?? [])
            {
                await StartNamedAsync(client, name, name, cancellationToken);
            }

            if (Name is null || patterns.Length > 0)
            {
                await ListAsync(client, patterns, cancellationToken);
            }
        }
    }

    private async Task ListAsync(NamespaceClient client, string[] patterns, CancellationToken cancellationToken)
    {
        ImageSurvey survey = surveys.Of(client);
        Wire.ImagesV1.Image[] images = [];
        bool listed = await TryAsync(
            (object?)Filter ?? Name,
            client,
            async () =>
            {
                images = [.. Wanted(await client.Images.ListAsync(Filters(), cancellationToken), patterns)];
                await survey.ExpectAsync(images.Length, cancellationToken);
            },
            cancellationToken);
        foreach (Wire.ImagesV1.Image image in listed ? images : [])
        {
            await StartAsync(image.Name, client, token => survey.ReadAsync(image, token), WriteObject, cancellationToken);
        }
    }

    private static IEnumerable<Wire.ImagesV1.Image> Wanted(IReadOnlyList<Wire.ImagesV1.Image> images, string[] patterns)
    {
        if (patterns.Length == 0)
        {
            return images;
        }

        Func<string, bool> wanted = NamePatterns.AnyImage(patterns);
        return images.Where(image => wanted(image.Name));
    }

    private IReadOnlyList<string> Filters()
    {
        string labels = DaemonFilter.Labels(Label ?? []);
        return labels.Length == 0 ? Filter ?? [] : DaemonFilter.Narrow(Filter ?? [], labels);
    }

    private bool HasLabels(Wire.ImagesV1.Image image) =>
        Label is null || Label.All(label => image.Labels.TryGetValue(label.Key, out string? value) && (label.Value is null || label.Value == value));

    private Task StartNamedAsync(NamespaceClient client, string name, object target, CancellationToken cancellationToken)
    {
        ImageSurvey survey = surveys.Of(client);
        return StartAsync(
            async token =>
            {
                try
                {
                    var images = new List<ContainerImage>();
                    foreach (Wire.ImagesV1.Image found in (await ImageLookup.FindAsync(client, name, token).ConfigureAwait(false)).Where(HasLabels))
                    {
                        images.Add(await survey.ReadAsync(found, token).ConfigureAwait(false));
                    }

                    return images.Count == 0 ? null : () => WriteObject(images, enumerateCollection: true);
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
    }
}
