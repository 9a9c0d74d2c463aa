using ContainerdPS.Services;
using ContainerdPS.Sessions;
using FakeContainerd;
using Xunit;

namespace ContainerdPS.Tests.Faults;

/// <summary>A fake daemon and a session to it.</summary>
public abstract class FaultTest : IAsyncLifetime
{
    private protected FakeDaemon Daemon { get; private set; } = null!;

    private protected ContainerdSession Session { get; private set; } = null!;

    private protected NamespaceClient Client => new(Session, "here");

    public async Task InitializeAsync()
    {
        Daemon = await FakeDaemon.StartAsync();
        Session = SessionFactory.Create(Daemon.Address, "here", TimeSpan.FromSeconds(30));
    }

    public async Task DisposeAsync()
    {
        Session.Dispose();
        await Daemon.DisposeAsync();
    }
}
