using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Xunit;

namespace ContainerdPS.Tests.Oci;

/// <summary>Specifications containerd 1.6.20 itself wrote (through ctr), read from the source tree.</summary>
internal static class SpecFixtures
{
    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(Folder(), $"containerd-1.6.20-{name}.json"));

    public static JsonObject ReadNode(string name) => JsonNode.Parse(Read(name))!.AsObject();

    public static void AssertSame(JsonNode? expected, JsonNode? actual)
    {
        if (!JsonNode.DeepEquals(expected, actual))
        {
            Assert.Equal(expected?.ToJsonString(), actual?.ToJsonString());
            Assert.Fail("The documents differ in the order or form of members only by a bug of the comparison.");
        }
    }

    private static string Folder([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "Fixtures");
}
