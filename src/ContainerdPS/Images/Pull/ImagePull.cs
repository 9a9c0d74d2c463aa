using ContainerdPS.Images.Progress;
using ContainerdPS.Registry;
using ContainerdPS.Services;

namespace ContainerdPS.Images.Pull;

/// <summary>Receives an image from a registry, through the daemon where it can do what is asked, else with our own hands.</summary>
internal static class ImagePull
{
    public static async Task<ContainerImage> RunAsync(NamespaceClient client, PullRequest request, RegistryWork work, ImageProgress progress, CancellationToken cancellationToken)
    {
        try
        {
            RegistryHosts hosts = await RegistryHosts.FindAsync(request.Reference.Domain, work.Settings, cancellationToken).ConfigureAwait(false);
            string? local = request.LocalReason
                ?? RegistryWork.ProxyReason(hosts)
                ?? (await TransferSupport.OfAsync(client, cancellationToken).ConfigureAwait(false)).WhyNot(work.Settings.PlainHttp, hosts.Root is not null, Loopback.Is(request.Reference.Domain));
            work.Settings.Log?.Invoke(local is null ? $"The daemon receives '{request.Name}' by itself." : $"'{request.Name}' is received from here: {local}.");
            if (local is null)
            {
                try
                {
                    return await new TransferPull(client, request, hosts, work, progress).RunAsync(cancellationToken).ConfigureAwait(false);
                }
                catch (ContainerdException e) when (TransferPull.IsForOurWay(e) || IsToBeGoneOnWith(e, progress))
                {
                    return await OwnWay.InsteadAsync(e, work.Settings, progress, LocalAsync).ConfigureAwait(false);
                }
            }

            return await LocalAsync().ConfigureAwait(false);
        }
        catch (ContainerdException e) when (!e.Message.Contains($"'{request.Name}'", StringComparison.Ordinal))
        {
            throw PullErrors.OfImage(request.Name, e);
        }

        static bool IsToBeGoneOnWith(ContainerdException e, ImageProgress progress) =>
            e.Reason == "TransferInterrupted" && progress.Parts.Any(static part => part.Done > 0);

        Task<ContainerImage> LocalAsync() => new LocalPull(client, request, work, progress).RunAsync(cancellationToken);
    }
}
