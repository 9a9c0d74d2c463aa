using System.Collections;
using ContainerdPS.Services;

namespace ContainerdPS.Completion;

/// <summary>Completes runtimes: the namespace's own and those of its containers, as no daemon tells which shims it could find.</summary>
internal sealed class RuntimeCompleter : DaemonCompleter
{
    protected override async Task<IReadOnlyList<(string Text, string ToolTip)>> CandidatesAsync(NamespaceClient client, IDictionary bound, CancellationToken cancellationToken)
    {
        var found = new HashSet<string>(StringComparer.Ordinal) { NamespaceDefaults.Runtime, (await NamespaceDefaults.GetAsync(client, cancellationToken).ConfigureAwait(false)).Runtime };
        await foreach (Wire.ContainersV1.Container container in client.Containers.ListAsync([], cancellationToken).ConfigureAwait(false))
        {
            if (container.Runtime is { Name.Length: > 0 } runtime)
            {
                found.Add(runtime.Name);
            }
        }

        return found.Select(static runtime => (runtime, string.Empty)).ToArray();
    }
}
