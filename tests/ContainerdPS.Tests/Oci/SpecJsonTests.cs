using System.Text;
using System.Text.Json.Nodes;
using ContainerdPS.Oci;
using Xunit;

namespace ContainerdPS.Tests.Oci;

public sealed class SpecJsonTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("rich")]
    [InlineData("richtty")]
    [InlineData("priv")]
    [InlineData("lim")]
    [InlineData("usr")]
    public void WhatTheDaemonWroteComesBackWhole(string name)
    {
        byte[] written = SpecJson.Serialize(SpecJson.Parse(SpecFixtures.Read(name)));
        SpecFixtures.AssertSame(SpecFixtures.ReadNode(name), JsonNode.Parse(written));
    }

    /// <summary>One document with every member of the specification, so that a wrong name ends in the extension data.</summary>
    [Fact]
    public void EveryMemberOfTheSpecificationIsKnown()
    {
        RuntimeSpec spec = SpecJson.Parse(Encoding.UTF8.GetBytes(SpecDocuments.Everything));
        SpecFixtures.AssertSame(JsonNode.Parse(SpecDocuments.Everything), JsonNode.Parse(SpecJson.Serialize(spec)));
        Assert.Empty(ExtensionData.Find(spec));
    }

    [Fact]
    public void UnknownMembersSurviveAtEveryLevel()
    {
        JsonObject document = JsonNode.Parse(SpecDocuments.Everything)!.AsObject();
        int added = AddUnknown(document, inMap: false);
        Assert.True(added > 45);
        RuntimeSpec spec = SpecJson.Parse(Encoding.UTF8.GetBytes(document.ToJsonString()));
        spec.Hostname = "changed";
        document["hostname"] = "changed";
        SpecFixtures.AssertSame(document, JsonNode.Parse(SpecJson.Serialize(spec)));
    }

    [Theory]
    [InlineData("""{"process":{"terminal":false,"args":[],"env":[],"cwd":""}}""")]
    [InlineData("""{"process":{"user":{}},"root":{"readonly":false},"mounts":[],"hooks":{}}""")]
    [InlineData("""{"annotations":{},"linux":{"resources":{},"sysctl":{},"maskedPaths":[]}}""")]
    [InlineData("""{"linux":{"resources":{"devices":[{"allow":false}],"memory":{"limit":0,"swap":-1},"cpu":{"shares":0}}}}""")]
    [InlineData("""{"process":{"oomScoreAdj":0,"rlimits":[{"type":"RLIMIT_CORE","hard":18446744073709551615,"soft":0}]}}""")]
    [InlineData("""{"vm":{"kernel":{"path":"/k"}},"solaris":{"milestone":"m"},"x":null,"zos":[1,2.50,"é<&"]}""")]
    [InlineData("""{"windows":{"credentialSpec":{"a":[1]},"hyperv":{}}}""")]
    [InlineData("""{"windows":{"credentialSpec":"text"}}""")]
    [InlineData("{}")]
    public void EmptyZeroAndFalseAreKept(string json) =>
        SpecFixtures.AssertSame(JsonNode.Parse(json), JsonNode.Parse(SpecJson.Serialize(SpecJson.Parse(Encoding.UTF8.GetBytes(json)))));

    [Theory]
    [InlineData("{\n  \"process\": {\n    \"args\": [1]\n  }\n}", "line 3", "$.process.args[0]")]
    [InlineData("{\"ociVersion\": ", "line 1", "position")]
    [InlineData("", "line 1", "position")]
    [InlineData("null", "null", "object")]
    [InlineData("[]", "line 1", "position 2")]
    [InlineData("{} x", "line 1", "position 4")]
    [InlineData("{\"linux\":{\"resources\":{\"memory\":{\"limit\":9223372036854775808}}}}", "line 1", "limit")]
    public void MalformedJsonSaysWhere(string json, string first, string second)
    {
        var error = Assert.Throws<ContainerdException>(() => SpecJson.Parse(Encoding.UTF8.GetBytes(json)));
        Assert.Equal(ContainerdErrorCode.InvalidArgument, error.Code);
        Assert.Contains(first, error.Message, StringComparison.Ordinal);
        Assert.Contains(second, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void InvalidUtf8IsInvalidArgument()
    {
        byte[] json = [.. "{\"hostname\":\""u8, 0xff, 0xfe, .. "\"}"u8];
        var error = Assert.Throws<ContainerdException>(() => SpecJson.Parse(json));
        Assert.Equal(ContainerdErrorCode.InvalidArgument, error.Code);
    }

    [Fact]
    public void AByteOrderMarkIsTolerated() =>
        Assert.Equal("h", SpecJson.Parse([.. Encoding.UTF8.Preamble, .. "{\"hostname\":\"h\"}"u8]).Hostname);

    [Fact]
    public void AProcessAndResourcesStandAlone()
    {
        SpecProcess process = SpecJson.ParseProcess("""{"args":["sh","-c","é"],"cwd":"/","future":1}"""u8);
        Assert.Equal("""{"args":["sh","-c","é"],"cwd":"/","future":1}""", Encoding.UTF8.GetString(SpecJson.SerializeProcess(process)));
        var resources = new LinuxResources { Memory = new LinuxMemory { Limit = 1 } };
        Assert.Equal("""{"memory":{"limit":1}}""", Encoding.UTF8.GetString(SpecJson.SerializeResources(resources)));
    }

    [Fact]
    public void TextAndSummaryAreForPeople()
    {
        RuntimeSpec spec = SpecJson.Parse(SpecFixtures.Read("rich"));
        Assert.Equal("/bin/busybox sleep 5 (7 mounts, OCI 1.0.2-dev)", spec.ToString());
        Assert.Contains("\n", spec.ToJson(), StringComparison.Ordinal);
        Assert.DoesNotContain("\n", spec.ToJson(indented: false), StringComparison.Ordinal);
        Assert.Equal("/srv", RuntimeSpec.FromJson(spec.ToJson()).Process!.Cwd);
    }

    private static int AddUnknown(JsonNode node, bool inMap)
    {
        int added = 0;
        if (node is JsonArray array)
        {
            return array.Where(item => item is JsonObject).Sum(item => AddUnknown(item!, inMap: false));
        }

        foreach ((string name, JsonNode? child) in node.AsObject().ToArray())
        {
            if (child is JsonObject or JsonArray && name != "credentialSpec")
            {
                bool map = !inMap && name is "annotations" or "sysctl" or "rdma" or "unified" or "timeOffsets" or "netDevices";
                added += AddUnknown(child, map);
            }
        }

        if (!inMap)
        {
            node["futureMember"] = new JsonObject { ["deep"] = new JsonArray(1, null, "x") };
            added++;
        }

        return added;
    }
}
