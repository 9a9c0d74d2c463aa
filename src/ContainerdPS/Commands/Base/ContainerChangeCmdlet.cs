using System.Management.Automation;
using ContainerdPS.Containers;
using ContainerdPS.Oci;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>The base of cmdlets that change parts of container records.</summary>
public abstract class ContainerChangeCmdlet : ContainerOperandCmdlet
{
    /// <summary>
    /// <para>Gives the changed containers.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Makes the changes: in flight with those of other containers, or one after the other where a script block has to run in between.</summary>
    private protected Task ChangeAsync(ContainerReference container, NamespaceClient client, ContainerUpdate update, SpecArgument? spec, CancellationToken cancellationToken)
    {
        if (spec is not { Whole: null })
        {
            return StartAsync(
                container.Source,
                client,
                token => ContainerChange.ApplyAsync(client, container.Id, update with { Spec = spec?.Whole }, PassThru, token),
                WriteWhereGiven,
                cancellationToken);
        }

        return TryAsync(
            container.Source,
            client,
            async () =>
            {
                RuntimeSpec current = await ContainerChange.SpecAsync(client, container.Id, cancellationToken);
                RuntimeSpec changed = spec.Run(current, $"the container '{container.Id}' was not changed");
                WriteWhereGiven(await ContainerChange.ApplyAsync(client, container.Id, update with { Spec = changed }, PassThru, cancellationToken));
            },
            cancellationToken);
    }

    /// <summary>Reads the argument of -Spec, or says about this container what is wrong with it.</summary>
    /// <returns>Whether it could be read.</returns>
    private protected async Task<(bool Read, SpecArgument? Spec)> ReadSpecAsync(
        object? given, ContainerReference container, NamespaceClient client, CancellationToken cancellationToken)
    {
        SpecArgument? spec = null;
        bool read = await TryAsync(
            container.Source,
            client,
            () =>
            {
                spec = SpecArgument.Parse(given);
                return Task.CompletedTask;
            },
            cancellationToken);
        return (read, spec);
    }

    private protected Task<bool> ShouldChangeAsync(ContainerReference container, NamespaceClient client, string action, CancellationToken cancellationToken) =>
        ShouldProcessAsync(container, client, Of(container, client), action, cancellationToken);
}
