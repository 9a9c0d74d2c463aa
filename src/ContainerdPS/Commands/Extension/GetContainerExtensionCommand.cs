using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Mapping;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Get-ContainerExtension: gets the extensions of containers, one object an extension, bytes as they are.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "ContainerExtension")]
[OutputType(typeof(ContainerExtension))]
public sealed class GetContainerExtensionCommand : ContainerOperandCmdlet
{
    /// <summary>
    /// <para>The names wanted; wildcards are allowed. Left out, all extensions are given.</para>
    /// </summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ContainerExtensionCompleter))]
    public string[]? Name { get; set; }

    private protected override async Task ProcessContainerAsync(ContainerReference container, NamespaceClient client, CancellationToken cancellationToken) =>
        await StartAsync(
            container.Source,
            client,
            token => ReadAsync(client, container.Id, token),
            found => Write(found, container, client),
            cancellationToken);

    private static async Task<ContainerExtension[]> ReadAsync(NamespaceClient client, string id, CancellationToken cancellationToken)
    {
        Identifiers.Validated(ObjectKinds.Container, id);
        Wire.ContainersV1.Container record = await client.Containers.GetAsync(id, cancellationToken).ConfigureAwait(false);
        return record.Extensions
            .Where(static extension => ExtensionMapping.IsThere(extension.Value))
            .OrderBy(static extension => extension.Key, StringComparer.Ordinal)
            .Select(extension => ExtensionMapping.ToModel(client, id, extension.Key, extension.Value))
            .ToArray();
    }

    private void Write(ContainerExtension[] found, ContainerReference container, NamespaceClient client)
    {
        Func<string, bool>? wanted = Name is null ? null : NamePatterns.Any(Name, ignoreCase: false);
        foreach (ContainerExtension extension in found)
        {
            if (wanted is null || wanted(extension.Name))
            {
                WriteObject(extension);
            }
        }

        foreach (string name in Name ?? [])
        {
            if (!WildcardPattern.ContainsWildcardCharacters(name) && !Array.Exists(found, extension => extension.Name == name))
            {
                var missing = new ContainerdException(
                    ContainerdErrorCode.NotFound,
                    $"The container '{container.Id}' in namespace '{client.Namespace}' on '{client.Session.Address}' has no extension '{name}'. Get-ContainerExtension without -Name lists those it has.") { Reason = "ExtensionNotFound" };
                WriteError(Pipeline.ErrorRecords.From(missing, container.Source, client));
            }
        }
    }
}
