using EngineHost.Hosting;
namespace EngineHost.Runner;
internal static class TestRun { public static int Start(Shell shell, TestOptions options) => 1; }
