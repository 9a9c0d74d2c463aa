namespace ContainerdPS.Oci.SpecOptions;

/// <summary>The root file system.</summary>
internal static class RootOption
{
    private const string Reason = "InvalidRootFileSystem";

    public static void Apply(RuntimeSpec spec, string? path, bool readOnly)
    {
        spec.Root ??= new SpecRoot();
        if (path is not null)
        {
            Invalid.RequireAbsolute(Reason, path, "root file system");
            spec.Root.Path = path;
        }

        if (readOnly)
        {
            spec.Root.Readonly = true;
        }
    }
}
