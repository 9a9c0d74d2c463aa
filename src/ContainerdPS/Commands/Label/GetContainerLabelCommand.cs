using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Get-ContainerLabel: gets the labels of containers, one object a label.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "ContainerLabel")]
[OutputType(typeof(ContainerLabel))]
public sealed class GetContainerLabelCommand : ContainerOperandCmdlet
{
    /// <summary>
    /// <para>The keys wanted; wildcards are allowed. Left out, all labels are given.</para>
    /// </summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [Alias("Name")]
    [ArgumentCompleter(typeof(ContainerLabelCompleter))]
    public string[]? Key { get; set; }

    private protected override Task ProcessContainerAsync(ContainerReference container, NamespaceClient client, CancellationToken cancellationToken)
    {
        Func<string, bool>? wanted = Key is null ? null : NamePatterns.Any(Key, ignoreCase: false);
        return StartAsync(
            container.Source,
            client,
            async token =>
            {
                Identifiers.Validated(ObjectKinds.Container, container.Id);
                return client.Containers.ToModel(await client.Containers.GetAsync(container.Id, token).ConfigureAwait(false), null);
            },
            found =>
            {
                foreach ((string key, string value) in found.Labels.OrderBy(static label => label.Key, StringComparer.Ordinal))
                {
                    if (wanted is null || wanted(key))
                    {
                        WriteObject(new ContainerLabel(found, key, value));
                    }
                }
            },
            cancellationToken);
    }
}
