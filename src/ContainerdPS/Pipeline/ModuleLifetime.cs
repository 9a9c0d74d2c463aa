using System.Management.Automation;

namespace ContainerdPS.Pipeline;

/// <summary>What happens when the module comes and goes.</summary>
public sealed class ModuleLifetime : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    /// <summary>Called when the module is imported into a runspace.</summary>
    public void OnImport()
    {
        // Everything is made when first used; importing does as little as it can.
    }

    /// <summary>Called when the module is removed from a runspace: its sessions close and its private daemons end.</summary>
    /// <param name="psModuleInfo">The module.</param>
    public void OnRemove(PSModuleInfo psModuleInfo) => RunspaceSessions.CloseCurrent();
}
