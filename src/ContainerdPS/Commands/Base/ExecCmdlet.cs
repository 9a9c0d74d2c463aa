using System.Management.Automation;
using ContainerdPS.Processes;
using ContainerdPS.Transformation;

namespace ContainerdPS.Commands;

/// <summary>The base of cmdlets that execute a command in running containers: what it is and how it runs.</summary>
public abstract class ExecCmdlet : NamespaceCmdlet
{
    /// <summary>
    /// <para>The command and its arguments, one text each, which may be empty: web ls -l /srv, or -Command 'sh', '-c', 'echo $HOME'. Words that look like parameters of this command (-n is one: Namespace) are to be quoted, or follow a --: web -- head -n 1 /etc/passwd.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromRemainingArguments = true)]
    [ValidateNotNull]
    [AllowEmptyString]
    public string[] Command { get; set; } = [];

    /// <summary>
    /// <para>Environment variables: @{ NAME = 'value' }, texts 'NAME=value', or 'NAME' to remove one the container has.</para>
    /// </summary>
    [Parameter]
    [LabelTransformation(AllowKeyOnly = true)]
    public Dictionary<string, string?>? Environment { get; set; }

    /// <summary>
    /// <para>The user it runs as: name, uid, name:group or uid:gid. Default: the container's.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? User { get; set; }

    /// <summary>
    /// <para>The folder it starts in, an absolute path in the container. Default: the container's.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? WorkingDirectory { get; set; }

    /// <summary>
    /// <para>Gives the process a terminal; its error output is then part of its output.</para>
    /// </summary>
    [Parameter]
    [Alias("Tty")]
    public SwitchParameter Terminal { get; set; }

    /// <summary>
    /// <para>Gives the process all capabilities.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Privileged { get; set; }

    /// <summary>
    /// <para>The id to execute it by, unique in the container. Default: a random one.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Id { get; set; }

    /// <summary>
    /// <para>In how many containers it runs at once. Results keep the order of the input.</para>
    /// </summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 16;

    private protected sealed override int MaxInFlight => ThrottleLimit;

    /// <summary>What the parameters ask for.</summary>
    private protected ExecRequest Request => new()
    {
        Id = Id,
        Command = Command,
        Environment = Environment?.Select(static variable => variable.Value is null ? variable.Key : $"{variable.Key}={variable.Value}").ToArray(),
        User = User,
        WorkingDirectory = WorkingDirectory,
        Terminal = Terminal,
        Privileged = Privileged,
    };
}
