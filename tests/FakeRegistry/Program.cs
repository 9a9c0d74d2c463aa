// A bad registry, or a proxy, as a program, for tests that are no .NET: it says where it listens, and ends with its input.
// Each line of input is the name of a repository or host, and is answered with what was asked of it and an empty line;
// with a + before it, the repository is good from then on.
//   FakeRegistry                                     on loopback, in plain HTTP
//   FakeRegistry secure ADDRESS CERTIFICATE KEY      over TLS, with these PEM files
//   FakeRegistry proxy ADDRESS                       a proxy that leads there
using System.Net;
using System.Security.Cryptography.X509Certificates;
using FakeRegistry;

if (args is ["proxy", var target])
{
    using var proxy = new FakeProxy(target);
    await ServeAsync(proxy.Authority, name => proxy.Requests.Where(request => request.Contains(name, StringComparison.Ordinal)));
    return;
}

(IPAddress? address, X509Certificate2? certificate) = args is ["secure", var at, var file, var key]
    ? (IPAddress.Parse(at), X509Certificate2.CreateFromPemFile(file, key))
    : (null, null);
await using var registry = await RegistryServer.StartAsync(certificate, address);
await using var elsewhere = await RegistryServer.StartAsync(certificate, address);
registry.Elsewhere = elsewhere;
await ServeAsync(registry.Authority, name => name.StartsWith('+') ? Mend(name[1..]) : registry.RequestsOf(name).Select(static request => $"{request.Method} {request.Path} {request.Headers.GetValueOrDefault("Range")}".TrimEnd()));

IEnumerable<string> Mend(string name)
{
    registry.Repository(name).Mend();
    return [];
}

static async Task ServeAsync(string address, Func<string, IEnumerable<string>> asked)
{
    Console.WriteLine(address);
    while (await Console.In.ReadLineAsync() is { } name)
    {
        foreach (string request in asked(name))
        {
            Console.WriteLine(request);
        }

        Console.WriteLine();
    }
}
