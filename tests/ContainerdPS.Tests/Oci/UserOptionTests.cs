using System.Text;
using ContainerdPS.Oci;
using ContainerdPS.Oci.SpecOptions;
using Xunit;

namespace ContainerdPS.Tests.Oci;

public sealed class UserOptionTests
{
    private static readonly TextRootFileSystem Usual = new(
        passwd: """
            # comment
            root:x:0:0:root:/root:/bin/sh
            broken line
            bad:x:nan:0::/:
            app:x:1000:1001:App:/home/app:/bin/sh

            nogroup:x:1002:7
            """,
        group: """
            root:x:0:
            wheel:x:10:root,app
            app:x:1001:app
            video:x:44:app , other
            dup:x:44:app
            empty:x:45
            """);

    [Theory]
    [InlineData(null, 0, 0, new uint[] { 0, 10 })]
    [InlineData("", 0, 0, new uint[] { 0, 10 })]
    [InlineData("root", 0, 0, new uint[] { 0, 10 })]
    [InlineData("app", 1000, 1001, new uint[] { 1001, 10, 44 })]
    [InlineData("1000", 1000, 1001, new uint[] { 1001, 10, 44 })]
    [InlineData("app:wheel", 1000, 10, new uint[] { 10, 44 })]
    [InlineData("app:", 1000, 1001, new uint[] { 1001, 10, 44 })]
    [InlineData("1000:5", 1000, 5, new uint[] { 5, 10, 44 })]
    [InlineData("4321:video", 4321, 44, new uint[] { 44 })]
    [InlineData("4321", 4321, 0, new uint[] { 0 })]
    [InlineData("nogroup", 1002, 7, new uint[] { 7 })]
    public void UsersAreLookedUpInTheRoot(string? text, uint uid, uint gid, uint[] further)
    {
        SpecUser user = Resolve(text, Usual);
        Assert.Equal((uid, gid), (user.Uid, user.Gid));
        Assert.Equal(further, user.AdditionalGids);
    }

    [Theory]
    [InlineData("0", 0, 0)]
    [InlineData("77", 77, 0)]
    [InlineData("77:88", 77, 88)]
    [InlineData(null, 0, 0)]
    public void NumbersNeedNoFiles(string? text, uint uid, uint gid)
    {
        foreach (IRootFileSystem? root in new IRootFileSystem?[] { null, new TextRootFileSystem(null, null) })
        {
            SpecUser user = Resolve(text, root);
            Assert.Equal((uid, gid), (user.Uid, user.Gid));
            Assert.Equal([gid], user.AdditionalGids);
        }
    }

    [Theory]
    [InlineData("nobody", "'nobody' is not in /etc/passwd")]
    [InlineData("bad", "'bad' is not in /etc/passwd")]
    [InlineData("app:none", "'none' is not in /etc/group")]
    [InlineData("a:b:c", "not a user")]
    [InlineData(":wheel", "not a user")]
    [InlineData("a b", "not a user")]
    [InlineData("-1", "outside 0")]
    [InlineData("4294967295", "outside 0")]
    [InlineData("99999999999:1", "outside 0")]
    [InlineData("0:4294967296", "outside 0")]
    public void UnknownAndMalformedUsersAreRefused(string text, string why)
    {
        var error = Assert.Throws<ContainerdException>(() => Resolve(text, Usual));
        Assert.Equal(ContainerdErrorCode.InvalidArgument, error.Code);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ANameWithoutARootSaysSo() =>
        Assert.Contains("no root file system", Assert.Throws<ContainerdException>(() => Resolve("app", null)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("0", true)]
    [InlineData(null, true)]
    [InlineData("5:6", true)]
    [InlineData("5", false)]
    [InlineData("app", false)]
    [InlineData("0:wheel", false)]
    public void AnUnreadableRootMattersOnlyForWhatMustBeLookedUp(string? text, bool works)
    {
        if (works)
        {
            Assert.NotNull(Resolve(text, new UnreadableRootFileSystem()).Uid);
        }
        else
        {
            Assert.Equal(ContainerdErrorCode.PermissionDenied, Assert.Throws<ContainerdException>(() => Resolve(text, new UnreadableRootFileSystem())).Code);
        }
    }

    private sealed class UnreadableRootFileSystem : IRootFileSystem
    {
        public Stream? OpenRead(string path) => throw new ContainerdException(ContainerdErrorCode.PermissionDenied, "no");
    }

    private static SpecUser Resolve(string? text, IRootFileSystem? root)
    {
        var process = new SpecProcess();
        UserOption.Apply(process, text, root);
        return process.User!;
    }
}
