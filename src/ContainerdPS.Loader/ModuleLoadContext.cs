using System.Reflection;
using System.Runtime.Loader;

namespace ContainerdPS.Loader;

/// <summary>
/// The load context of the module: what lies beside the module's assembly is loaded here and nowhere else, so that a
/// session which already holds another version of a library keeps it, and so do we.
/// </summary>
public sealed class ModuleLoadContext : AssemblyLoadContext
{
    private static readonly object Gate = new();
    private static Assembly? module;

    private readonly string folder;

    private ModuleLoadContext(string folder)
        : base("ContainerdPS") => this.folder = folder;

    /// <summary>
    /// Loads the module's assembly, the one built for the shell's runtime, once a process: a second import gets the same
    /// one. The choice is made here because each expression of the psm1 costs the importing shell a compilation.
    /// </summary>
    /// <param name="path">The folder with one folder a framework in it.</param>
    /// <returns>The assembly, to be imported with Import-Module -Assembly.</returns>
    public static Assembly LoadModule(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        lock (Gate)
        {
            if (module is null)
            {
                string folder = Path.Combine(path, Environment.Version.Major >= 10 ? "net10.0" : "net8.0");
                module = new ModuleLoadContext(folder).LoadFromAssemblyPath(Path.Combine(folder, "ContainerdPS.dll"));

                // Here is the earliest that something of the module can run: most of the import is still to come.
                module.GetType("ContainerdPS.Sessions.Rehearsal", throwOnError: true)!.GetMethod("Begin")!.CreateDelegate<Action>()();
            }

            return module;
        }
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        ArgumentNullException.ThrowIfNull(assemblyName);
        string path = Path.Combine(folder, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }
}
