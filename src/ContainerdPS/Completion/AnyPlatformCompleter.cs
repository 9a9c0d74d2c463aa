namespace ContainerdPS.Completion;

/// <summary>Completes the usual platforms: what an image has that is still to come is not known here.</summary>
internal sealed class AnyPlatformCompleter : PlatformCompleter
{
    protected override bool IsOfImage => false;
}
