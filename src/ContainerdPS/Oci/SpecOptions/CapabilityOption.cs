namespace ContainerdPS.Oci.SpecOptions;

/// <summary>Capabilities of a process, beyond or short of the default ones.</summary>
internal static class CapabilityOption
{
    /// <summary>Drops, then adds, so that dropping ALL and adding one leaves that one.</summary>
    public static void Apply(SpecProcess process, IReadOnlyList<string>? add, IReadOnlyList<string>? drop)
    {
        List<string> added = Expand(add);
        List<string> dropped = Expand(drop, everything: true);
        if (added.Count == 0 && dropped.Count == 0)
        {
            return;
        }

        process.Capabilities ??= new SpecCapabilities();
        SpecCapabilities sets = process.Capabilities;
        sets.Bounding = Change(sets.Bounding);
        sets.Effective = Change(sets.Effective);
        sets.Permitted = Change(sets.Permitted);

        List<string> Change(List<string>? set)
        {
            List<string> changed = [.. set ?? []];
            changed.RemoveAll(dropped.Contains);
            changed.AddRange(added.Where(name => !changed.Contains(name)));
            return changed;
        }
    }

    private static List<string> Expand(IReadOnlyList<string>? names, bool everything = false)
    {
        var expanded = new List<string>();
        foreach (string name in names ?? [])
        {
            if (name.Equals("ALL", StringComparison.OrdinalIgnoreCase))
            {
                expanded.AddRange(everything ? LinuxCapabilities.All : LinuxCapabilities.Available());
            }
            else
            {
                expanded.Add(LinuxCapabilities.Parse(name));
            }
        }

        return [.. expanded.Distinct()];
    }
}
