using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace EngineHost.Runner;

/// <summary>Where discovery is: the words of a test file add to the innermost open block.</summary>
internal static class Discovery
{
    private static TestBlock? s_current;

    public static TestOptions Options { get; private set; } = new();

    public static TestBlock Current => s_current ?? throw new PSInvalidOperationException(
        "Blocks and tests can only be declared while a test file is discovered: not at a prompt, and not inside of It or a Before or After block.");

    /// <summary>Makes the words of a test file known to a session.</summary>
    public static void Register(InitialSessionState state)
    {
        Word<AddTestBlockCommand>("Add-TestBlock", "Describe", "Context");
        Word<AddTestCaseCommand>("Add-TestCase", "It");
        Word<AddTestHookCommand>("Add-TestHook", "BeforeAll", "AfterAll", "BeforeEach", "AfterEach");
        Word<InvokeTestDiscoveryCommand>("Invoke-TestDiscovery", "BeforeDiscovery");
        Word<SetItResultCommand>("Set-ItResult");
        Word<Assertions.AssertValueCommand>("Assert-Value", "Should");

        void Word<T>(string name, params string[] aliases)
        {
            state.Commands.Add(new SessionStateCmdletEntry(name, typeof(T), null));
            foreach (var alias in aliases)
            {
                state.Commands.Add(new SessionStateAliasEntry(alias, name));
            }
        }
    }

    public static TestBlock Discover(string file, TestOptions options, Action<string> run)
    {
        Options = options;
        var block = new TestBlock(file, null, null);
        Within(block, () => run(file));
        return block;
    }

    public static void Within(TestBlock block, Action work)
    {
        var outer = s_current;
        s_current = block;
        try
        {
            work();
        }
        finally
        {
            s_current = outer;
        }
    }
}
