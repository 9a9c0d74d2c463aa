using System.Globalization;
using System.Text.RegularExpressions;
using ContainerdPS.Services;

namespace ContainerdPS.Processes;

/// <summary>Says in plain words why limits were refused. The words looked for are those of runc 1.1 to 1.3 and of the kernel.</summary>
internal static partial class LimitFailures
{
    /// <summary>Says which limit was refused and why; null where the words are not those of a limit.</summary>
    public static ContainerdException? Explain(NamespaceClient client, string id, ContainerdException e)
    {
        string which = Which(client, id);
        string words = Words(e);
        if (MemoryInUse().Match(words) is { Success: true } inUse)
        {
            string used = long.TryParse(inUse.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) ? Formatting.Size(bytes) : inUse.Groups[1].Value;
            return Failure(id, e, ContainerdErrorCode.FailedPrecondition, "MemoryBelowUsage", $"The memory limit is below what {which} uses ({used}), and the kernel could not take it away from it. The old limit holds. Give a higher one{(words.StartsWith("rejecting", StringComparison.Ordinal) ? ", or -Force to have processes killed" : string.Empty)}.");
        }

        if (words.Contains("cpuset.", StringComparison.Ordinal))
        {
            return Failure(id, e, ContainerdErrorCode.InvalidArgument, "CpusetNotAvailable", $"Not all processors or memory nodes that were named are there for {which}: {words}. Its old ones hold.");
        }

        if (SwapBelowMemory().IsMatch(words))
        {
            return Failure(id, e, ContainerdErrorCode.InvalidArgument, "ConflictingLimits", $"The limit of memory and swap together would be below that of memory alone for {which}. Give both, -Memory and -MemorySwap. The old limits hold.");
        }

        return null;
    }

    /// <summary>Says that the runtime refused, and in its words why, where it did.</summary>
    public static ContainerdException Refusal(NamespaceClient client, string id, ContainerdException e) => RuncPrefix().IsMatch(e.DaemonMessage!)
        ? Failure(id, e, ContainerdErrorCode.InvalidArgument, "LimitRefused", $"The runtime refused the limits for {Which(client, id)}: {Words(e)}.")
        : e;

    private static string Which(NamespaceClient client, string id) => $"the task of the container '{id}' in namespace '{client.Namespace}' on '{client.Session.Address}'";

    private static string Words(ContainerdException e) =>
        RuncPrefix().Replace(e.DaemonMessage!, string.Empty).Replace(": unknown", string.Empty, StringComparison.Ordinal).Trim(' ', '\n', '.');

    private static ContainerdException Failure(string id, ContainerdException e, ContainerdErrorCode code, string reason, string message) =>
        new(code, message, e) { Reason = reason, ObjectKind = ObjectKinds.Task, ObjectId = id };

    [GeneratedRegex("^.*runc did not terminate successfully: exit status \\d+: ", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex RuncPrefix();

    // cgroup v1, where the kernel refuses; cgroup v2, where runc looks first.
    [GeneratedRegex("(?:current usage: |rejecting memory.* limit \\d+ <= usage )(\\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex MemoryInUse();

    [GeneratedRegex("memory(\\.memsw)?\\.limit_in_bytes: invalid argument|memory\\+swap limit should be", RegexOptions.CultureInvariant)]
    private static partial Regex SwapBelowMemory();
}
