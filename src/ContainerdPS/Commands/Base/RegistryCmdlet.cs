using System.Collections.Concurrent;
using System.Management.Automation;
using ContainerdPS.Images;
using ContainerdPS.Images.Progress;
using ContainerdPS.Registry;
using ContainerdPS.Transformation;

namespace ContainerdPS.Commands;

/// <summary>The base of cmdlets that talk to registries: how they are reached, who we are there, and how far it is.</summary>
public abstract class RegistryCmdlet : NamespaceCmdlet
{
    private readonly ConcurrentQueue<Action> words = new();
    private readonly ProgressBars bars = new();
    private RegistryWork? work;

    /// <summary>
    /// <para>User name and password for the registry of the image. They are shown to no other host: not to a mirror, and not where a redirection leads. Left out, what 'docker login' stored is used, with its credential helpers.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>
    /// <para>Speaks plain HTTP. A registry on this machine needs no word: whether it speaks HTTPS is found out.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter PlainHttp { get; set; }

    /// <summary>
    /// <para>Takes any certificate, whoever shows it.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter SkipCertificateCheck { get; set; }

    /// <summary>
    /// <para>PEM files with certificates to trust beside the system's.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? CACertificate { get; set; }

    /// <summary>
    /// <para>The folder with a folder for each registry, which has a hosts.toml or certificates in it. Default: /etc/containerd/certs.d, then /etc/docker/certs.d.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? HostsDirectory { get; set; }

    /// <summary>
    /// <para>The proxy to use, for all hosts but this machine and those that NO_PROXY of the environment names. Default: HTTPS_PROXY, HTTP_PROXY and ALL_PROXY of the environment.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    public Uri? Proxy { get; set; }

    /// <summary>
    /// <para>User name and password for the proxy.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    [Credential]
    public PSCredential? ProxyCredential { get; set; }

    /// <summary>
    /// <para>How long nothing may come before a transfer is taken up anew, in seconds or as a TimeSpan. Default: 60 seconds.</para>
    /// </summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan StallTimeout { get; set; } = RegistrySettings.DefaultStallTimeout;

    /// <summary>
    /// <para>How often what failed and may pass (429, 5xx, a broken or stalled connection) is tried again without any progress in between. Default: 5.</para>
    /// </summary>
    [Parameter]
    [ValidateRange(0, 100)]
    public int MaximumRetryCount { get; set; } = RegistrySettings.DefaultRetries;

    /// <summary>
    /// <para>Does it from here, also where the daemon could do it by itself (containerd 1.7 and newer).</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Local { get; set; }

    /// <summary>
    /// <para>How many images are worked on at once.</para>
    /// </summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 4;

    private protected override int MaxInFlight => ThrottleLimit;

    /// <summary>How many blobs are on their way at once.</summary>
    private protected abstract int Concurrent { get; }

    /// <summary>Why the daemon's own way is not taken; null when nothing speaks against it.</summary>
    private protected string? LocalReason(params string[] more) =>
        Local ? "-Local was given"
        : more.Concat([nameof(SkipCertificateCheck), nameof(CACertificate), nameof(Proxy), nameof(ProxyCredential)]).FirstOrDefault(MyInvocation.BoundParameters.ContainsKey) is { } name ? $"-{name} was given"
        : null;

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ShowAsync(FinishPiecesAsync());
        }
        finally
        {
            bars.Clear(WriteProgress);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            work?.Dispose();
        }
    }

    /// <summary>Begins work on one image, away from the pipeline's thread; its progress is shown while it goes on.</summary>
    private protected async Task StartShownAsync<T>(
        string image, string activity, object? target, Services.NamespaceClient client, Func<RegistryWork, ImageProgress, CancellationToken, Task<T>> run, Action<T> write, CancellationToken cancellationToken)
    {
        // Here, and once: it asks the shell for paths, which answers on its own thread only, and all images share it.
        RegistryWork shared = work ??= new RegistryWork(Settings(), Concurrent);
        var progress = new ImageProgress(image);
        bars.Add(progress, activity);
        await ShowAsync(StartAsync(target, client, token => progress.RunAsync(() => run(shared, progress, token)), write, cancellationToken));
    }

    /// <summary>Has a warning written when it is the pipeline's turn.</summary>
    private protected void Warn(string text) => words.Enqueue(() => WriteWarning(text));

    private protected string? Resolve(string? path) => path is null ? null : ShellPath.File(this, path);

    private async Task ShowAsync(Task going)
    {
        await bars.ShowAsync(going, WriteProgress, Say);
        Say();
        await going;
    }

    private void Say()
    {
        while (words.TryDequeue(out Action? word))
        {
            word();
        }
    }

    private RegistrySettings Settings() => new()
    {
        HostsFolder = Resolve(HostsDirectory),
        PlainHttp = PlainHttp,
        Tls = new HostTls(CACertificate?.Select(file => Resolve(file)!).ToArray() ?? [], [], SkipCertificateCheck),
        Proxy = Proxy is null ? null : RegistryProxy.Given(Proxy, ProxyCredential?.GetNetworkCredential()),
        Credential = Credential is null ? null : RegistryCredential.Password(Credential.UserName, Credential.GetNetworkCredential().Password),
        StallTimeout = StallTimeout,
        Retries = MaximumRetryCount,
        Log = text => words.Enqueue(() => WriteVerbose(text)),
    };
}
