using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using ContainerdPS.Pipeline;
using ContainerdPS.Services;

namespace ContainerdPS.Completion;

/// <summary>
/// The base of completers that ask the daemon: only over a session that is open, only for a second, and silent when
/// that fails. A key press must never dial.
/// </summary>
internal abstract class DaemonCompleter : IArgumentCompleter
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    public virtual IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            ContainerdSession? session = Session(fakeBoundParameters);
            if (session is null || session.State == ContainerdSessionState.Closed)
            {
                return [];
            }

            var client = new NamespaceClient(session, fakeBoundParameters["Namespace"] as string ?? session.Namespace);
            using var timeout = new CancellationTokenSource(Limit);
            using var pump = new PipelinePump();
            IReadOnlyList<(string Text, string ToolTip)> candidates = [];
            pump.Run(async () => candidates = await CandidatesAsync(client, wordToComplete.Trim('\'', '"'), fakeBoundParameters, timeout.Token).ConfigureAwait(false));
            return Offer(wordToComplete, candidates.OrderBy(static candidate => candidate.Text, StringComparer.Ordinal).ToArray());
        }
        catch (Exception e) when (e is ContainerdException or OperationCanceledException or InvalidOperationException)
        {
            return [];
        }
    }

    /// <summary>What there is to choose from where that depends on the beginning of the word.</summary>
    protected virtual Task<IReadOnlyList<(string Text, string ToolTip)>> CandidatesAsync(NamespaceClient client, string word, IDictionary bound, CancellationToken cancellationToken) =>
        CandidatesAsync(client, bound, cancellationToken);

    /// <summary>What there is to choose from; what else is on the command line may narrow it.</summary>
    protected abstract Task<IReadOnlyList<(string Text, string ToolTip)>> CandidatesAsync(NamespaceClient client, IDictionary bound, CancellationToken cancellationToken);

    /// <summary>What is offered of it for what was typed.</summary>
    protected virtual IEnumerable<CompletionResult> Offer(string wordToComplete, IReadOnlyList<(string Text, string ToolTip)> candidates) =>
        CompletionResults.Matching(wordToComplete, candidates);

    /// <summary>The session typed so far, by object or by id; the default only where none is.</summary>
    private static ContainerdSession? Session(IDictionary bound)
    {
        object? given = bound["Session"] is PSObject wrapped ? wrapped.BaseObject : bound["Session"];
        return given switch
        {
            null => RunspaceSessions.Current.DefaultOrNull,
            ContainerdSession session => session,
            _ => RunspaceSessions.Current.All.FirstOrDefault(session => session.Id.ToString(CultureInfo.InvariantCulture) == given.ToString()),
        };
    }
}
