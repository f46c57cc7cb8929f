using System.Net.Sockets;

namespace MultiCluster.HAProxy.Runtime.Sockets;

/// <summary>Takes connections until it is told to end; where that fails, such as without descriptors, it waits, and says so once.</summary>
internal static class AcceptLoop
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static async Task RunAsync<T>(Func<CancellationToken, ValueTask<T>> accept, Action<T> take, Action<string> tell, TimeProvider time, CancellationToken end)
    {
        var isTold = false;
        while (!end.IsCancellationRequested)
        {
            try
            {
                take(await accept(end));
                isTold = false;
            }
            catch (Exception failure) when (failure is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                if (end.IsCancellationRequested)
                    return;
                if (!isTold)
                    tell(failure.Message);
                isTold = true;
                await Task.Delay(Pause, time, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
