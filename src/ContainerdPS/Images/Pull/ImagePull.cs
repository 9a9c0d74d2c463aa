using ContainerdPS.Images.Progress;
using ContainerdPS.Registry;
using ContainerdPS.Services;

namespace ContainerdPS.Images.Pull;

/// <summary>Receives an image from a registry, through the daemon where it can do what is asked, else with our own hands.</summary>
internal static class ImagePull
{
    private static readonly string[] OutOfReach = ["RegistryUnreachable", "RegistryStalled", "RegistryNotTls", "RegistryNotTrusted", "RegistryWantsCertificate", "RegistryUnauthorized", "RegistryDenied", "CertificateInvalid"];

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
                catch (ContainerdException e) when (TransferPull.IsForOurWay(e))
                {
                    work.Settings.Log?.Invoke($"{e.Message} It is received from here instead.");
                    progress.Restart();
                    return await InsteadAsync(client, request, work, progress, e, cancellationToken).ConfigureAwait(false);
                }
            }

            return await new LocalPull(client, request, work, progress).RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (!e.Message.Contains($"'{request.Name}'", StringComparison.Ordinal))
        {
            throw PullErrors.OfImage(request.Name, e);
        }
        finally
        {
            progress.Stage = "done";
        }
    }

    /// <summary>Receives with our own hands what the daemon could not. Where the registry is out of our reach, and not of the daemon's, its failure is the one to tell.</summary>
    private static async Task<ContainerImage> InsteadAsync(
        NamespaceClient client, PullRequest request, RegistryWork work, ImageProgress progress, ContainerdException failure, CancellationToken cancellationToken)
    {
        try
        {
            return await new LocalPull(client, request, work, progress).RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (failure.Reason != TransferPull.Unfit && Array.IndexOf(OutOfReach, e.Reason) >= 0)
        {
            work.Settings.Log?.Invoke($"From here it cannot be received either: {e.Message}");
            throw failure;
        }
    }
}
