using System.Management.Automation;
using ContainerdPS.Daemons;

namespace ContainerdPS.Pipeline;

/// <summary>What happens when the module comes and goes.</summary>
public sealed class ModuleLifetime : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Called when the module is imported into a runspace.</summary>
    public void OnImport()
    {
        // Everything is made when first used; importing does as little as it can.
    }

    /// <summary>Called when the module is removed from a runspace: its sessions close and its private daemons end.</summary>
    /// <param name="psModuleInfo">The module.</param>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        if (RunspaceSessions.TakeCurrent() is not var (table, daemons))
        {
            return;
        }

        table.RemoveAll(close: true);
        using var pump = new PipelinePump();
        pump.Run(() => Task.WhenAll(PrivateDaemons.All.Where(daemon => daemons.Contains(daemon.Address)).Select(static daemon => daemon.StopAsync(Grace, CancellationToken.None))));
    }
}
