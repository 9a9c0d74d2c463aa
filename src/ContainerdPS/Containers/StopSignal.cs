namespace ContainerdPS.Containers;

/// <summary>The label by which a container keeps the stop signal of its image, as containerd's own clients write and read it.</summary>
internal static class StopSignal
{
    public const string Label = "io.containerd.image.config.stop-signal";
}
