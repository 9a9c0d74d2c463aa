using System.Collections.Concurrent;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Registry;
using FakeRegistry;
using Xunit;

namespace ContainerdPS.Tests.Registry;

/// <summary>A scripted registry, and a client that does not wait as long as it would.</summary>
public abstract class RegistryTest : IAsyncLifetime
{
    private readonly string hosts = Directory.CreateTempSubdirectory("hosts-").FullName;

    private protected RegistryServer Server { get; private set; } = null!;

    private protected RegistryServer Elsewhere { get; private set; } = null!;

    private protected ConcurrentQueue<string> Log { get; } = new();

    private protected ConcurrentQueue<TimeSpan> Delays { get; } = new();

    private protected RegistrySettings Settings { get; set; } = null!;

    private protected RegistryConnections Connections { get; } = new(null);

    private protected string HostsFolder => hosts;

    public async Task InitializeAsync()
    {
        Server = await RegistryServer.StartAsync();
        Elsewhere = await RegistryServer.StartAsync();
        Server.Elsewhere = Elsewhere;
        Settings = new RegistrySettings
        {
            HostsFolder = hosts,
            StallTimeout = TimeSpan.FromSeconds(1),
            Retries = 3,
            Log = Log.Enqueue,
            Delay = (delay, _) =>
            {
                Delays.Enqueue(delay);
                return Task.CompletedTask;
            },
        };
    }

    public async Task DisposeAsync()
    {
        Connections.Dispose();
        await Server.DisposeAsync();
        await Elsewhere.DisposeAsync();
        Directory.Delete(hosts, recursive: true);
    }

    private protected Task<RegistryRepository> OpenAsync(string repository) =>
        RegistryRepository.OpenAsync(ImageReference.Parse($"{Server.Authority}/{repository}"), Settings, Connections, default);

    private protected static OciDescriptor Layer(RegistryRepository repository, FakeRepository content, int index = 0)
    {
        string digest = content.Image.Layers[index];
        Assert.NotNull(repository);
        return new OciDescriptor { MediaType = MediaTypes.OciLayerGzip, Digest = digest, Size = content.Blobs[digest].Length };
    }

    private protected static async Task<byte[]> ReadAsync(RegistryRepository repository, OciDescriptor blob, long offset = 0)
    {
        using var target = new MemoryStream();
        await using RegistryBlobStream stream = repository.Blob(blob, offset);
        await stream.CopyToAsync(target);
        return target.ToArray();
    }

    private protected static async Task<ContainerdException> FailsAsync(string reason, Func<Task> action)
    {
        ContainerdException e = await Assert.ThrowsAsync<ContainerdException>(action);
        Assert.Equal(reason, e.Reason);
        return e;
    }
}
