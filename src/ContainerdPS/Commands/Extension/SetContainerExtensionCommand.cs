using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Containers;
using ContainerdPS.Services;
using ContainerdPS.Transformation;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Set-ContainerExtension: sets an extension of containers and leaves their other extensions alone.</para>
/// </summary>
[Cmdlet(VerbsCommon.Set, "ContainerExtension", SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class SetContainerExtensionCommand : ContainerChangeCmdlet
{
    /// <summary>
    /// <para>The name of the extension, such as example.org/owner.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerExtensionCompleter))]
    public string Name { get; set; } = string.Empty;

    /// <summary>
    /// <para>What it holds: bytes, stored as they are, or text, stored as UTF-8.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 2, ValueFromPipelineByPropertyName = true)]
    [AllowEmptyCollection]
    [BytesTransformation]
    public byte[] Value { get; set; } = [];

    /// <summary>
    /// <para>What the bytes are, such as example.org/Owner; the daemon does not check it. Left out, an extension that is there keeps its type.</para>
    /// </summary>
    [Parameter(Position = 3, ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? TypeUrl { get; set; }

    private protected override async Task ProcessContainerAsync(ContainerReference container, NamespaceClient client, CancellationToken cancellationToken)
    {
        if (await ShouldChangeAsync(container, client, $"set the extension '{Name}' to {Value.Length} byte{(Value.Length == 1 ? string.Empty : "s")}", cancellationToken))
        {
            var update = new ContainerUpdate
            {
                Extensions = new Dictionary<string, ContainerExtensionValue>(StringComparer.Ordinal) { [Name] = new(TypeUrl, Value) },
            };
            await ChangeAsync(container, client, update, null, cancellationToken);
        }
    }
}
