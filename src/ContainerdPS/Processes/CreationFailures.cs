using System.Text.RegularExpressions;
using ContainerdPS.Services;

namespace ContainerdPS.Processes;

/// <summary>Says in plain words why the runtime could not make what the spec asks for.</summary>
internal static partial class CreationFailures
{
    /// <summary>Explains a failure; null when it is of another kind.</summary>
    public static ContainerdException? Explain(NamespaceClient client, ProcessAddress address, ContainerdException e)
    {
        if (e.DaemonMessage is not { } text)
        {
            return null;
        }

        string where = $"in namespace '{client.Namespace}' on '{client.Session.Address}'";
        string container = $"the container '{address.Container}' {where}";
        if (Mount().Match(text) is { Success: true } mount)
        {
            return Failure(
                e,
                address,
                ContainerdErrorCode.FailedPrecondition,
                "MountFailed",
                $"'{mount.Groups["source"].Value}' could not be mounted{(mount.Groups["target"].Value is { Length: > 0 } target ? $" at '{target}'" : string.Empty)} in {container}: {Trim(mount.Groups["why"].Value)}. The source of a bind mount must be there on the daemon's host, and a file goes onto a file, a folder onto a folder; -Mount, or the mounts of the spec, name both.");
        }

        if (MemoryLimit().Match(text) is { Success: true } limit)
        {
            return Failure(
                e,
                address,
                ContainerdErrorCode.InvalidArgument,
                "MemoryLimitTooLow",
                $"The memory limit of {container} is too low for its process to start{(limit.Groups["why"].Value is { Length: > 0 } why ? $": {Trim(why)}" : string.Empty)}. Give it more with -Memory, some megabytes at the least.");
        }

        if (RuntimeName().Match(text) is { Success: true } runtime)
        {
            return Failure(
                e,
                address,
                ContainerdErrorCode.NotFound,
                "RuntimeNotFound",
                $"The runtime of {container} is not there: {Trim(runtime.Groups["why"].Value)}. Install its shim beside the daemon's programs, or make the container with a -Runtime that the daemon has, such as io.containerd.runc.v2.");
        }

        if (RootMount().Match(text) is { Success: true } root)
        {
            return Failure(
                e,
                address,
                ContainerdErrorCode.FailedPrecondition,
                "RootMountFailed",
                $"The root filesystem of {container} could not be mounted{(root.Groups["source"].Success ? $" ({root.Groups["type"].Value} of '{root.Groups["source"].Value}')" : string.Empty)}: {Trim(root.Groups["why"].Value)}. It is the container's snapshot with what -RootFileSystemMount adds, whose sources must be there on the daemon's host.");
        }

        if (RuntimeProgram().Match(text) is { Success: true } program)
        {
            return Failure(
                e,
                address,
                ContainerdErrorCode.NotFound,
                "RuntimeProgramNotFound",
                $"The OCI runtime '{program.Groups["program"].Value}' of {container} cannot be executed on the daemon's host: {Trim(program.Groups["why"].Value)}. It is the runtime option binary_name, or else runc: install it, or name another with -RuntimeOption.");
        }

        if (LogProgram().Match(text) is { Success: true } logger)
        {
            return Failure(
                e,
                address,
                ContainerdErrorCode.NotFound,
                "LogProgramFailed",
                $"The program '{logger.Groups["program"].Value}' that is to take the output of {address} {where} cannot be executed on the daemon's host: {Trim(logger.Groups["why"].Value)}. -LogUri binary:///PATH names it.");
        }

        if (LogFile().Match(text) is { Success: true } log)
        {
            return Failure(
                e,
                address,
                ContainerdErrorCode.FailedPrecondition,
                "LogFileFailed",
                $"The log '{log.Groups["path"].Value}' of {address} {where} cannot be written: {Trim(log.Groups["why"].Value)}. Give -LogPath, or -LogUri, a file on the daemon's host in a folder that is there or can be made.");
        }

        return Spec().Match(text) is { Success: true } spec
            ? Failure(e, address, ContainerdErrorCode.FailedPrecondition, "InvalidSpec", $"The spec of {container} cannot be run: {spec.Value}. Set-ContainerSpec changes it.")
            : null;
    }

    private static ContainerdException Failure(ContainerdException e, ProcessAddress address, ContainerdErrorCode code, string reason, string message) =>
        new(code, message, e) { Reason = reason, ObjectKind = address.Kind, ObjectId = address.Name };

    private static string Trim(string text) => text.Replace(": unknown", string.Empty, StringComparison.Ordinal).Replace(": not found", string.Empty, StringComparison.Ordinal).TrimEnd('.', ' ', '\n');

    // The second is runc's from 1.2 on, of a source that is not there.
    [GeneratedRegex("""error mounting "(?<source>[^"]*)" to rootfs at "(?<target>[^"]*)": (?<why>.*)|failed to fulfil mount request: open (?<source>/.*): (?<why>[^:]*)""", RegexOptions.Singleline)]
    private static partial Regex Mount();

    [GeneratedRegex("""unable to set memory limit to (?<why>\d+ .*)|\(memory limit too low\?\)""", RegexOptions.Singleline)]
    private static partial Regex MemoryLimit();

    [GeneratedRegex("""(?<why>(invalid runtime name|runtime "[^"]*" binary not installed|no such runtime binary|unsupported runtime) ?.*)""", RegexOptions.Singleline)]
    private static partial Regex RuntimeName();

    // containerd 1.6 prints the mount, 2 what was asked of the kernel, and 1.7 neither.
    [GeneratedRegex("""failed to mount rootfs component( &\{(?<type>\S+) (?<source>\S*) .*\})?: (mount source: "(?<source>[^"]*)".*fstype: (?<type>[^,]*),.*err: )?(?<why>.*)""", RegexOptions.Singleline)]
    private static partial Regex RootMount();

    // The shim looks for the runtime's own words after it could not even execute it.
    [GeneratedRegex("""unable to retrieve OCI runtime error.*?\): (fork/)?exec:? "?(?<program>[^":]+)"?: (?<why>.*)""", RegexOptions.Singleline)]
    private static partial Regex RuntimeProgram();

    [GeneratedRegex("failed to start binary process: (fork/)?exec (?<program>[^:]+): (?<why>[^\\n]*)")]
    private static partial Regex LogProgram();

    [GeneratedRegex("failed to create init process I/O: (open|mkdir) (?<path>/[^:]*): (?<why>[^:\\n]*)")]
    private static partial Regex LogFile();

    [GeneratedRegex("(process|Cwd) property must not be empty|args must not be empty|root must be specified")]
    private static partial Regex Spec();
}
