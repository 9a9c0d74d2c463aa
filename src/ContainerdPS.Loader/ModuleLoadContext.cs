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

    /// <summary>Loads the module's assembly, once a process: a second import gets the same one.</summary>
    /// <param name="path">The full path of the module's assembly.</param>
    /// <returns>The assembly, to be imported with Import-Module -Assembly.</returns>
    public static Assembly LoadModule(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        lock (Gate)
        {
            return module ??= new ModuleLoadContext(Path.GetDirectoryName(path)!).LoadFromAssemblyPath(path);
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
