using ContainerdPS.Images.Progress;
using ContainerdPS.Registry;

namespace ContainerdPS.Images;

/// <summary>What is done with our own hands because the daemon's Transfer service failed at it.</summary>
internal static class OwnWay
{
    /// <summary>The reason of a failure of the daemon's whose words are not known.</summary>
    public const string Unknown = "TransferFailed";

    /// <summary>The reason of what only the daemon's way cannot do.</summary>
    public const string Unfit = "TransferUnfit";

    /// <summary>The reasons that say nothing of the image, and that the daemon may not have: it stands elsewhere, and trusts others.</summary>
    private static readonly string[] OutOfReach =
        ["RegistryUnreachable", "RegistryStalled", "RegistryNotTls", "RegistryNotTrusted", "RegistryWantsCertificate", "RegistryUnauthorized", "RegistryDenied", "CertificateInvalid"];

    /// <summary>Does it in the daemon's place. Where the registry is out of our reach, the daemon's failure is the one to tell.</summary>
    /// <param name="failure">What the daemon failed with.</param>
    /// <param name="settings">Told what happens.</param>
    /// <param name="progress">Begun anew.</param>
    /// <param name="run">Does it.</param>
    public static async Task<T> InsteadAsync<T>(ContainerdException failure, RegistrySettings settings, ImageProgress progress, Func<Task<T>> run)
    {
        settings.Log?.Invoke($"{failure.Message} It is done from here instead.");
        progress.Restart();
        try
        {
            return await run().ConfigureAwait(false);
        }
        catch (ContainerdException e) when (failure.Reason != Unfit && Array.IndexOf(OutOfReach, e.Reason) >= 0)
        {
            settings.Log?.Invoke($"From here it cannot be done either: {e.Message}");
            throw failure;
        }
    }
}
