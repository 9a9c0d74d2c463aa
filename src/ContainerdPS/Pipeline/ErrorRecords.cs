using System.Management.Automation;
using ContainerdPS.Images;
using ContainerdPS.Services;

namespace ContainerdPS.Pipeline;

/// <summary>The one place that turns failures into error records.</summary>
internal static class ErrorRecords
{
    /// <summary>What containerd's errors about filters begin with.</summary>
    private const string FilterWords = "filters: ";

    /// <summary>Makes the record of a failure.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="target">What the user passed.</param>
    /// <param name="client">Where it happened; null when there was no daemon.</param>
    /// <param name="elsewhere">Other namespaces that have what was not found here.</param>
    public static ErrorRecord From(Exception exception, object? target, NamespaceClient? client, IReadOnlyList<string>? elsewhere = null)
    {
        if (exception is not ContainerdException e)
        {
            return new ErrorRecord(exception, exception.GetType().Name.Replace("Exception", "Error", StringComparison.Ordinal), Category(exception), target);
        }

        if (e.Reason is null && FullDisk.Is(e))
        {
            // Whoever knew more about what was going on has said so.
            e = FullDisk.Error(target is null ? "The daemon failed" : $"What was asked of '{target}' is not done", string.Empty, e);
        }

        string message = Message(e, client, elsewhere);
        var shown = message == e.Message
            ? e
            : new ContainerdException(e.Code, message, e) { Reason = e.Reason, ObjectKind = e.ObjectKind, ObjectId = e.ObjectId, DaemonMessage = e.DaemonMessage };
        return new ErrorRecord(shown, Id(e), e.Reason == "NonZeroExitCode" ? ErrorCategory.InvalidResult : Category(e.Code), target);
    }

    public static ErrorCategory Category(ContainerdErrorCode code) => code switch
    {
        ContainerdErrorCode.NotFound => ErrorCategory.ObjectNotFound,
        ContainerdErrorCode.AlreadyExists => ErrorCategory.ResourceExists,
        ContainerdErrorCode.FailedPrecondition => ErrorCategory.InvalidOperation,
        ContainerdErrorCode.PermissionDenied => ErrorCategory.PermissionDenied,
        ContainerdErrorCode.Unauthenticated => ErrorCategory.AuthenticationError,
        ContainerdErrorCode.Unavailable => ErrorCategory.ConnectionError,
        ContainerdErrorCode.DeadlineExceeded => ErrorCategory.OperationTimeout,
        ContainerdErrorCode.Unimplemented => ErrorCategory.NotImplemented,
        ContainerdErrorCode.InvalidArgument => ErrorCategory.InvalidArgument,
        ContainerdErrorCode.OutOfRange => ErrorCategory.LimitsExceeded,
        ContainerdErrorCode.ResourceExhausted => ErrorCategory.LimitsExceeded,
        ContainerdErrorCode.DataLoss => ErrorCategory.InvalidData,
        ContainerdErrorCode.Cancelled => ErrorCategory.OperationStopped,
        ContainerdErrorCode.Aborted => ErrorCategory.ResourceBusy,
        _ => ErrorCategory.NotSpecified,
    };

    private static ErrorCategory Category(Exception exception) => exception switch
    {
        UnauthorizedAccessException => ErrorCategory.PermissionDenied,
        FileNotFoundException or DirectoryNotFoundException => ErrorCategory.ObjectNotFound,
        IOException => ErrorCategory.ReadError,
        ArgumentException => ErrorCategory.InvalidArgument,
        OperationCanceledException => ErrorCategory.OperationStopped,
        _ => ErrorCategory.NotSpecified,
    };

    private static string Id(ContainerdException e)
    {
        if (e.Reason is not null)
        {
            return e.Reason;
        }

        if (IsAboutFilter(e))
        {
            return "InvalidFilter";
        }

        string kind = e.ObjectKind is { Length: > 0 } name ? char.ToUpperInvariant(name[0]) + name[1..] : "Containerd";
        return kind + e.Code;
    }

    private static string Message(ContainerdException e, NamespaceClient? client, IReadOnlyList<string>? elsewhere)
    {
        if (e.Code == ContainerdErrorCode.Unavailable && client?.Session.Daemon is { HasEnded: true } daemon)
        {
            return $"{(e.Undone is null ? "The" : e.Undone + ": the")} private daemon on '{client.Session.Address}' has ended (process {daemon.ProcessId}), and what was asked of it is left undone or half done. Its log, '{daemon.LogPath}', may say why. Stop-ContainerdDaemon takes away what is left of it, containers that still run too; Start-ContainerdDaemon starts another.";
        }

        // Sentences of our own, which have a reason, say it all but where; the daemon's words also lack what they are about.
        bool known = e.Reason is not null || e.DaemonMessage is null || e.ObjectId is null;
        string where = client is null ? string.Empty : $"namespace '{client.Namespace}' on '{client.Session.Address}'";
        string text = e.Code switch
        {
            _ when IsAboutFilter(e) => $"The daemon on '{client?.Session.Address}' does not understand -Filter: {Trim(e.DaemonMessage![FilterWords.Length..].Replace(": invalid argument", string.Empty, StringComparison.Ordinal))}. A filter is FIELD, FIELD==VALUE, FIELD!=VALUE or FIELD~=EXPRESSION, several joined by commas; what is not plain goes into double quotes: 'labels.\"example.org/app\"==\"my app\"'.",
            _ when known => e.Message,
            ContainerdErrorCode.NotFound => $"There is no {e.ObjectKind} '{e.ObjectId}' in {where}.",
            ContainerdErrorCode.AlreadyExists => $"There is a {e.ObjectKind} '{e.ObjectId}' already in {where}. Choose another name, or remove it first{(Remover(e.ObjectKind) is { } remover ? $" with {remover}" : string.Empty)}.",
            ContainerdErrorCode.Unimplemented => $"The daemon on '{client?.Session.Address}' is too old for this: {Trim(e.DaemonMessage!)}.",
            _ => $"The daemon refused {e.ObjectKind} '{e.ObjectId}' in {where}: {Trim(e.DaemonMessage!)}.",
        };
        if (e.Code == ContainerdErrorCode.NotFound && elsewhere is { Count: > 0 })
        {
            text += elsewhere.Count == 1
                ? $" Namespace '{elsewhere[0]}' has one: add -Namespace {elsewhere[0]}."
                : $" These namespaces have one: {string.Join(", ", elsewhere)}. Add -Namespace with the one you mean.";
        }
        else if (e.Code == ContainerdErrorCode.NotFound && !known && Lister(e.ObjectKind) is { } lister)
        {
            text += $" {lister} lists those there are.";
        }

        if (known && client is not null && e.ObjectKind != ObjectKinds.Registry && e.Code is ContainerdErrorCode.Unavailable or ContainerdErrorCode.DeadlineExceeded && !text.Contains(client!.Session.Address, StringComparison.Ordinal))
        {
            text += $" ({(e.Reason == "NotAContainerd" ? "The address is" : "The daemon on")} '{client.Session.Address}'.)";
        }

        return text;
    }

    /// <summary>Whether it is what containerd says of filters it cannot read.</summary>
    private static bool IsAboutFilter(ContainerdException e) =>
        e.Code == ContainerdErrorCode.InvalidArgument && e.DaemonMessage?.StartsWith(FilterWords, StringComparison.Ordinal) == true;

    /// <summary>The command that shows what there is of a kind.</summary>
    private static string? Lister(string? kind) => kind switch
    {
        ObjectKinds.Container => "Get-Container",
        ObjectKinds.Image => "Get-ContainerImage",
        ObjectKinds.Blob => "Get-ContainerdContent",
        ObjectKinds.Ingest => "Get-ContainerdIngest",
        ObjectKinds.Snapshot => "Get-ContainerSnapshot -Snapshotter *",
        _ => null,
    };

    /// <summary>The command that removes one of a kind.</summary>
    private static string? Remover(string? kind) => kind switch
    {
        ObjectKinds.Container => "Remove-Container",
        ObjectKinds.Image => "Remove-ContainerImage",
        ObjectKinds.Snapshot => "Remove-ContainerSnapshot",
        _ => null,
    };

    private static string Trim(string message) => message.TrimEnd('.', ' ', '\n');
}
