using Xunit;

namespace ContainerdPS.Tests.Protos;

public sealed class WireTests
{
    [Fact]
    public void EverythingOnTheWireIsInTheFilesAndNothingElse()
    {
        AssertSame(RecordedWire.Read(), CompiledContainerd());
    }

    // A comparison of nothing with nothing would pass.
    [Theory]
    [InlineData("service", 16)]
    [InlineData("method", 88)]
    [InlineData("message", 263)]
    [InlineData("field", 800)]
    [InlineData("enum", 7)]
    [InlineData("value", 26)]
    public void AllThatWasRecordedIsCompared(string kind, int total)
    {
        Assert.Equal(total, RecordedWire.Read().Count(kind));
        Assert.Equal(total, CompiledContainerd().Count(kind));
    }

    [Fact]
    public void EveryImportIsAmongTheFilesFound()
    {
        var files = CompiledWire.Files();
        var names = files.Select(file => file.Name).ToHashSet();

        var notFound = files
            .SelectMany(file => file.Dependencies)
            .Select(file => file.Name)
            .Where(name => !name.StartsWith("google/protobuf/", StringComparison.Ordinal) && !names.Contains(name))
            .Distinct();

        Assert.NotEmpty(files);
        Assert.Empty(notFound);
    }

    [Fact]
    public void StatusIsGooglesOwn()
    {
        var recorded = new WireFacts();
        recorded.Add("message", "google.rpc.Status");
        recorded.Add("field", "google.rpc.Status.code", WireShape.Field(1, null, "int32", null));
        recorded.Add("field", "google.rpc.Status.message", WireShape.Field(2, null, "string", null));
        recorded.Add("field", "google.rpc.Status.details", WireShape.Field(3, "repeated", "google.protobuf.Any", null));

        AssertSame(recorded, CompiledWire.Read(CompiledWire.Files().Where(CompiledWire.IsGoogles)));
    }

    [Theory]
    [InlineData("Inner", "a.b.Outer", "a.b.Outer.Inner")]
    [InlineData("Inner", "a.b", "a.b.Inner")]
    [InlineData("b.Inner", "a.c.Other", "a.b.Inner")]
    [InlineData("a.b.Inner", "a.c.Other", "a.b.Inner")]
    public void NamesResolveFromTheInnermostScope(string reference, string scope, string fullName) =>
        Assert.Equal(fullName, SmallScope().Resolve(reference, scope));

    [Theory]
    [InlineData("Inner", "a.c.Other")]
    [InlineData("Outer.Missing", "a.b.Outer")]
    [InlineData("b.Far", "a.c.Other")]
    public void ANameOutOfSightIsRefused(string reference, string scope) =>
        Assert.Throws<InvalidDataException>(() => SmallScope().Resolve(reference, scope));

    private static WireFacts CompiledContainerd() =>
        CompiledWire.Read(CompiledWire.Files().Where(file => !CompiledWire.IsGoogles(file)));

    // One failure names every difference, so that one run is enough to put them all right.
    private static void AssertSame(WireFacts recorded, WireFacts compiled)
    {
        var differences = WireFacts.Compare(recorded, compiled);
        if (differences.Count > 0)
        {
            Assert.Fail($"{differences.Count} differences from the wire:{Environment.NewLine}{string.Join(Environment.NewLine, differences)}");
        }
    }

    // b.Far exists at the root, but from inside a the nearer b hides it.
    private static ProtobufScope SmallScope() => new(["a.b.Outer", "a.b.Outer.Inner", "a.b.Inner", "a.c.Other", "b.Far"]);
}
