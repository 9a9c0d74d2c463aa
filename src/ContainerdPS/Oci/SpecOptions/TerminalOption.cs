namespace ContainerdPS.Oci.SpecOptions;

/// <summary>Whether a process gets a terminal.</summary>
internal static class TerminalOption
{
    public static void Apply(SpecProcess process, bool terminal)
    {
        process.Terminal = terminal ? true : null;
        process.Env ??= [];
        // An image that sets TERM knows better than the usual default.
        if (terminal && !process.Env.Exists(entry => EnvironmentOption.IsNamed(entry, "TERM")))
        {
            process.Env.Add("TERM=xterm");
        }
    }
}
