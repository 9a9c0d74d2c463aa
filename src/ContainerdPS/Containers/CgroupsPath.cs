using ContainerdPS.Oci;
using ContainerdPS.Services;

namespace ContainerdPS.Containers;

/// <summary>
/// A spec that was copied from another container names that one's cgroup. Two containers in one cgroup share limits and
/// figures, and who ends all processes of the one ends those of the other.
/// </summary>
internal static class CgroupsPath
{
    /// <summary>Gives the spec, or a copy with a cgroup of its own where it has that of another container of this daemon.</summary>
    public static async Task<RuntimeSpec> OwnAsync(NamespaceClient client, string id, RuntimeSpec spec, CancellationToken cancellationToken)
    {
        // Only what is made by default belongs to one container: /NAMESPACE/ID. Other paths were chosen by somebody.
        if (spec.Linux?.CgroupsPath is not { Length: > 0 } path || path.Split('/') is not ["", { Length: > 0 } @namespace, { Length: > 0 } other]
            || (@namespace == client.Namespace && other == id))
        {
            return spec;
        }

        try
        {
            Identifiers.Validated(ObjectKinds.Namespace, @namespace);
            Identifiers.Validated(ObjectKinds.Container, other);
            await client.InNamespace(@namespace).Containers.GetAsync(other, cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (e.Code is ContainerdErrorCode.NotFound or ContainerdErrorCode.InvalidArgument)
        {
            return spec;
        }

        RuntimeSpec copy = RuntimeSpec.FromJson(spec.ToJson());
        copy.Linux!.CgroupsPath = $"/{client.Namespace}/{id}";
        return copy;
    }
}
