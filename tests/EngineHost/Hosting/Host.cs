using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;

namespace EngineHost.Hosting;

internal sealed class Host(bool nonInteractive) : PSHost
{
    private readonly HostUI _ui = new(nonInteractive);

    /// <summary>What <c>exit</c> asked for, or null while nobody asked.</summary>
    public int? ExitCode { get; private set; }

    public override string Name => "EngineHost";

    public override Version Version { get; } = typeof(PSObject).Assembly.GetName().Version!;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override PSHostUserInterface UI => _ui;

    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;

    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;

    public override void EnterNestedPrompt() => throw new PSNotSupportedException("This host has no nested prompts.");

    public override void ExitNestedPrompt() => throw new PSNotSupportedException("This host has no nested prompts.");

    public override void NotifyBeginApplication() => _ui.ClearProgress();

    public override void NotifyEndApplication() { }
}
