using System.Collections.Concurrent;
using ContainerdPS.Images.Progress;
using ContainerdPS.Registry;
using ContainerdPS.Services;
using ContainerdPS.Wire.TransferTypes;
using Google.Protobuf;

namespace ContainerdPS.Images;

/// <summary>
/// Has the daemon move an image from or to a registry: gives it credentials when it asks, follows its progress, and has
/// it try again what may pass.
/// </summary>
/// <param name="client">The daemon.</param>
/// <param name="hosts">How the registry is reached, where a hosts folder tells.</param>
/// <param name="work">What the images of the command share.</param>
/// <param name="progress">Told how far it is.</param>
internal sealed class RegistryTransfer(NamespaceClient client, RegistryHosts hosts, RegistryWork work, ImageProgress progress)
{
    private readonly RegistrySettings settings = work.Settings;
    private readonly ConcurrentDictionary<string, RegistryCredential> shown = new(StringComparer.Ordinal);

    /// <summary>Moves it, as often as it takes.</summary>
    /// <param name="name">The image's name in the registry.</param>
    /// <param name="message">Makes what is asked of the daemon of how it reaches the registry: source, then destination.</param>
    /// <param name="translate">Makes our error of the daemon's.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RunAsync(
        string name, Func<OCIRegistry, (IMessage Source, IMessage Destination)> message, Func<ContainerdException, Task<ContainerdException>> translate, CancellationToken cancellationToken)
    {
        var delays = new RetryDelays(settings.Retries);
        long farthest = 0;
        while (true)
        {
            var follower = new DaemonProgress(progress);
            try
            {
                await OnceAsync(name, message, follower, cancellationToken).ConfigureAwait(false);

                // The daemon may end before it has said so of each part.
                foreach (PartProgress part in progress.Parts.Where(static part => !part.IsTransferred))
                {
                    part.Complete(PartState.Transferred);
                }

                return;
            }
            catch (ContainerdException e)
            {
                if (e.DaemonMessage is { } words)
                {
                    settings.Log?.Invoke($"The daemon says '{TransferFailures.Safe(words)}'.");
                }

                ContainerdException failure = Refused(await translate(e).ConfigureAwait(false));
                if (follower.Farthest > farthest)
                {
                    farthest = follower.Farthest;
                    delays.Reset();
                }

                if (!MayPass(failure, farthest > 0) || !delays.TryNext(null, out TimeSpan delay))
                {
                    throw failure;
                }

                settings.Log?.Invoke($"{failure.Message} It is tried again in {delay.TotalSeconds:0.0} s.");
                await settings.Delay(delay, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task OnceAsync(string name, Func<OCIRegistry, (IMessage Source, IMessage Destination)> message, DaemonProgress follower, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var credentials = new CredentialSource(settings);
        DaemonStream told = await client.OpenStreamAsync("progress", cancellationToken).ConfigureAwait(false);
        await using (told.ConfigureAwait(false))
        {
            DaemonStream asked = await client.OpenStreamAsync("credentials", cancellationToken).ConfigureAwait(false);
            await using (asked.ConfigureAwait(false))
            {
                Task follow = follower.FollowAsync(told, stop.Token);
                Task answer = AnswerAsync(asked, credentials, stop.Token);
                Task stall = follower.StallAsync(settings.StallTimeout, stop.Token);
                (IMessage source, IMessage destination) = message(Registry(name, asked.Id));
                Task run = client.Transfer.RunAsync(source, destination, told.Id, stop.Token);
                try
                {
                    // What we cannot tell the daemon ends it as well as what it cannot do.
                    Task first = await Task.WhenAny(run, stall, FailureOf(answer)).ConfigureAwait(false);
                    if (first == stall && !cancellationToken.IsCancellationRequested)
                    {
                        throw RegistryErrors.Stalled(hosts.Hosts[^1].Authority, settings.StallTimeout, null);
                    }

                    await first.ConfigureAwait(false);
                }
                finally
                {
                    // The last words of a transfer come before its stream ends; a stream that does not end is left.
                    await Task.WhenAny(follow, Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None)).ConfigureAwait(false);
                    await stop.CancelAsync().ConfigureAwait(false);
                    foreach (Task task in new[] { run, follow, answer, stall })
                    {
                        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    }
                }
            }
        }
    }

    private OCIRegistry Registry(string name, string credentials) => new()
    {
        Reference = name,
        Resolver = new RegistryResolver
        {
            AuthStream = credentials,
            HostDir = hosts.Root ?? string.Empty,
            DefaultScheme = settings.PlainHttp ? Uri.UriSchemeHttp : string.Empty,
        },
    };

    /// <summary>Answers the daemon's questions who we are: each host is told what is its own.</summary>
    private async Task AnswerAsync(DaemonStream stream, CredentialSource credentials, CancellationToken cancellationToken)
    {
        while (await stream.ReadAsync(cancellationToken).ConfigureAwait(false) is { } any)
        {
            if (PackedAny.As<AuthRequest>(any) is not { } question)
            {
                continue;
            }

            bool isRegistry = hosts.Hosts.Any(host => host.IsRegistry && host.Authority == question.Host);
            RegistryCredential? credential = await credentials.FindAsync(question.Host, isRegistry, cancellationToken).ConfigureAwait(false);
            if (credential is not null)
            {
                shown[question.Host] = credential;
            }

            settings.Log?.Invoke($"The daemon asks who we are to '{question.Host}': {(credential is null ? "nobody" : credential)}.");
            await stream.SendAsync(Answer(credential), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The daemon does not say whether what it was refused with was ours.</summary>
    private ContainerdException Refused(ContainerdException e) =>
        e is { Reason: "RegistryUnauthorized", ObjectId: { } host, Undone: { } doing } && shown.TryGetValue(host, out RegistryCredential? credential)
            ? RegistryErrors.ForImage(doing, RegistryErrors.Unauthorized(host, credential))
            : e;

    private static AuthResponse Answer(RegistryCredential? credential) => credential?.Kind switch
    {
        null => new AuthResponse { AuthType = AuthType.None },
        RegistryCredentialKind.Password => new AuthResponse { AuthType = AuthType.Credentials, Username = credential.UserName, Secret = credential.Secret },
        _ => new AuthResponse { AuthType = AuthType.Refresh, Secret = credential.Secret },
    };

    /// <summary>Ends only when the task fails.</summary>
    private static async Task FailureOf(Task task)
    {
        await task.ConfigureAwait(false);
        await Task.Delay(Timeout.Infinite, CancellationToken.None).ConfigureAwait(false);
    }

    private static bool MayPass(ContainerdException e, bool progressed) => e.Reason is "RegistryStalled" or "TransferInterrupted" or "RegistryFailed" or "RegistryTooManyRequests"
        || (progressed && e.Reason == "RegistryUnreachable");
}
