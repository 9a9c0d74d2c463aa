namespace ContainerdPS.Oci.SpecOptions;

/// <summary>Makes the specification of a new Linux container from containerd's default, an image and a user's wishes.</summary>
internal static class SpecBuilder
{
    /// <summary>Makes a specification.</summary>
    /// <param name="request">What the user asks for.</param>
    /// <param name="image">How the image wants to be run; null when there is no image.</param>
    /// <param name="root">The root file system user names are looked up in; null when it cannot be looked into.</param>
    /// <exception cref="ContainerdException">A wish is not valid; the message holds its value.</exception>
    public static RuntimeSpec Build(SpecRequest request, ImageConfig? image, IRootFileSystem? root)
    {
        ArgumentNullException.ThrowIfNull(request);
        RuntimeSpec spec = DefaultSpec.CreateLinux(request.Namespace, request.Id, request.UnifiedCgroups);
        SpecProcess process = spec.Process!;

        CommandOption.Apply(process, image, request.Entrypoint, request.Arguments);
        EnvironmentOption.ApplyImage(process, image);
        if (request.Terminal is { } terminal)
        {
            TerminalOption.Apply(process, terminal);
        }

        EnvironmentOption.Apply(process, request.Environment);
        WorkingDirectoryOption.Apply(process, request.WorkingDirectory ?? image?.WorkingDir);
        UserOption.Apply(process, request.User ?? image?.User, root);

        // Before mounts and capabilities, which may take back part of what privileged gives.
        if (request.Privileged)
        {
            PrivilegedOption.Apply(spec);
        }

        CapabilityOption.Apply(process, request.AddCapability, request.DropCapability);
        NamespaceOption.Apply(spec, request);
        MountOption.Apply(spec, request.Mounts);
        ResourceOption.Apply(spec, request);
        DeviceOption.Apply(spec, request.Devices);
        RlimitOption.Apply(process, request.Rlimits);
        SysctlOption.Apply(spec, request.Sysctls, request.HostNetwork);
        SecurityOption.Apply(spec, request);
        RootOption.Apply(spec, request.RootPath, request.ReadOnlyRoot);
        AnnotationOption.Apply(spec, request.Annotations);
        return spec;
    }
}
