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
