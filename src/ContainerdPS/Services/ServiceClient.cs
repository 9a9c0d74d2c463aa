using Grpc.Core;

namespace ContainerdPS.Services;

/// <summary>What the clients of all services share: the objects a call is about are named in its errors.</summary>
internal abstract class ServiceClient
{
    protected static CallOptions Options(CancellationToken cancellationToken) => new(cancellationToken: cancellationToken);

    protected static async Task<T> AskAsync<T>(string kind, string id, AsyncUnaryCall<T> call)
    {
        try
        {
            return await call.ResponseAsync.ConfigureAwait(false);
        }
        catch (ContainerdException e) when (e.DaemonMessage is not null && e.ObjectId is null)
        {
            throw e.About(kind, id);
        }
        finally
        {
            call.Dispose();
        }
    }

    /// <summary>Asks for something to be made. Where the command is stopped meanwhile, it is made and there to be taken back when this throws.</summary>
    protected static async Task<T> MakeAsync<T>(string kind, string id, Func<CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancellationToken)
    {
        T made = await Shielded.RunAsync(token => AskAsync(kind, id, call(Options(token))), cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return made;
    }

    protected static async IAsyncEnumerable<T> ReadAsync<T>(
        AsyncServerStreamingCall<T> call, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using (call)
        {
            while (await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false))
            {
                yield return call.ResponseStream.Current;
            }
        }
    }
}
