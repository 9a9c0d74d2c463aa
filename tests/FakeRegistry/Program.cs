// A bad registry as a program, for tests that are no .NET: it says where it listens and ends with its input.
await using var registry = await FakeRegistry.RegistryServer.StartAsync();
await using var elsewhere = await FakeRegistry.RegistryServer.StartAsync();
registry.Elsewhere = elsewhere;
Console.WriteLine(registry.Authority);
while (await Console.In.ReadLineAsync() is not null)
{
}
