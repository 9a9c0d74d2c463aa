using ContainerdPS.Images.Progress;
using ContainerdPS.Mapping;
using ContainerdPS.Oci;
using ContainerdPS.Registry;
using ContainerdPS.Services;

namespace ContainerdPS.Images.Push;

/// <summary>Sends an image to a registry, through the daemon where it can do what is asked, else with our own hands.</summary>
internal static class ImagePush
{
    public static async Task<ContainerImageSendResult> RunAsync(NamespaceClient client, PushRequest request, RegistryWork work, ImageProgress progress, CancellationToken cancellationToken)
    {
        try
        {
            // Whoever removes the image meanwhile does not take its content from under us.
            LeaseScope lease = await LeaseScope.BeginAsync(client, cancellationToken).ConfigureAwait(false);
            await using (lease.ConfigureAwait(false))
            {
                return await SendAsync(lease.Client, request, work, progress, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (ContainerdException e) when (!PushErrors.IsNamed(request, e))
        {
            throw PushErrors.OfImage(request, e);
        }
    }

    private static async Task<ContainerImageSendResult> SendAsync(NamespaceClient leased, PushRequest request, RegistryWork work, ImageProgress progress, CancellationToken cancellationToken)
    {
        await HoldAsync(leased, request, cancellationToken).ConfigureAwait(false);
        PushPlan plan = await new PushPlanner(leased, request).PlanAsync(cancellationToken).ConfigureAwait(false);
        Foresee();
        if (plan.LeftOut.Count > 0)
        {
            if (await IsThereAsync(request, work, cancellationToken).ConfigureAwait(false))
            {
                foreach (PushPart part in plan.Blobs.Concat(plan.Documents))
                {
                    progress.Part(part.Descriptor.Digest, part.Label, part.Descriptor.Size).Complete(PartState.Present);
                }

                return Result(DescriptorMapping.FromWire(request.Image.Target));
            }

            request.Notice?.Invoke(
                $"Of '{request.Image.Name}' only {string.Join(", ", plan.Platforms)} is whole here, so it is {request.Where} without {string.Join(", ", plan.LeftOut)}, and has another digest there. Receive it with -AllPlatforms to send all of it.");
        }

        RegistryHosts hosts = await RegistryHosts.FindAsync(request.Reference.Domain, work.Settings, cancellationToken).ConfigureAwait(false);
        string? local = request.LocalReason
            ?? RegistryWork.ProxyReason(hosts)
            ?? (await TransferSupport.OfAsync(leased, cancellationToken).ConfigureAwait(false)).WhyNot(work.Settings.PlainHttp, hosts.Root is not null, Loopback.Is(request.Reference.Domain))
            ?? TransferPush.WhyNot(request, plan);
        work.Settings.Log?.Invoke(local is null ? $"The daemon sends '{request.Name}' by itself." : $"'{request.Name}' is sent from here: {local}.");
        if (local is null)
        {
            try
            {
                await new TransferPush(leased, request, plan, hosts, work, progress).RunAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (ContainerdException e) when (e.Reason == OwnWay.Unknown)
            {
                await OwnWay.InsteadAsync(e, work.Settings, progress, LocalAsync).ConfigureAwait(false);
            }
        }
        else
        {
            await LocalAsync().ConfigureAwait(false);
        }

        return Result(plan.Target);

        ContainerImageSendResult Result(OciDescriptor target) => new(leased.Session, leased.Namespace, request.Name)
        {
            Source = request.Image.Name,
            Digest = target.Digest,
            MediaType = target.MediaType,
            Platforms = plan.Platforms,
            Size = plan.Size,
            Sent = Bytes(PartState.Transferred),
            Mounted = Bytes(PartState.Mounted),
            Present = Bytes(PartState.Present),
        };

        void Foresee()
        {
            foreach (PushPart part in plan.Blobs.Concat(plan.Documents))
            {
                progress.Part(part.Descriptor.Digest, part.Label, part.Descriptor.Size);
            }
        }

        async Task<bool> LocalAsync()
        {
            Foresee();
            await new LocalPush(leased, request, plan, work, progress).RunAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }

        long Bytes(PartState state) => progress.Parts.Where(part => part.State == state).Sum(static part => part.Total);
    }

    /// <summary>Whether the name refers to the whole image there already: what is left out here would be taken from it.</summary>
    private static async Task<bool> IsThereAsync(PushRequest request, RegistryWork work, CancellationToken cancellationToken)
    {
        try
        {
            using RegistryRepository repository = await RegistryRepository.OpenAsync(request.Reference, work.Settings, work.Connections, cancellationToken).ConfigureAwait(false);
            OciDescriptor target = DescriptorMapping.FromWire(request.Image.Target);
            bool isThere = await new RegistryPush(repository).HasManifestAsync(request.Reference.Tag ?? target.Digest, target, cancellationToken).ConfigureAwait(false);
            if (isThere)
            {
                work.Settings.Log?.Invoke($"'{request.Name}' is {target.Digest} in the registry already, with all its platforms: nothing is sent.");
            }

            return isThere;
        }
        catch (ContainerdException)
        {
            // What is wrong is told when it is sent.
            return false;
        }
    }

    private static async Task HoldAsync(NamespaceClient leased, PushRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await leased.Leases.AddContentAsync(leased.Lease!, request.Image.Target.Digest, cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (e.Code == ContainerdErrorCode.NotFound)
        {
            // The plan says in whole sentences what is missing.
        }
    }
}
