using MultiCluster.HAProxy.Runtime.Processes;
using MultiCluster.HAProxy.Runtime.State;

namespace MultiCluster.HAProxy.Runtime.Tests.Support;

/// <summary>This assembly as a program: does one thing, says "ready" and waits to be killed.</summary>
internal static class Helper
{
    public static async Task<int> Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["start", var directory, var binary, var config, var masterSocket, var workerSocket, var log]:
                var owned = StateDirectory.Open(directory);
                var start = new HAProxyStart
                {
                    Binary = binary,
                    ConfigPath = config,
                    MasterSocket = masterSocket,
                    WorkerSocket = workerSocket,
                    LogFile = log,
                    WorkingDirectory = "/",
                };
                var running = await new HAProxyProcess(TimeProvider.System).StartAsync(start, CancellationToken.None);
                await Console.Out.WriteLineAsync(running.IsOk && owned.IsOk ? "ready" : running.Error ?? owned.Error);
                GC.KeepAlive(owned);
                break;
            case ["lock", var toLock]:
                var state = StateDirectory.Open(toLock);
                await Console.Out.WriteLineAsync(state.IsOk ? "ready" : state.Error);
                GC.KeepAlive(state);
                break;
            default:
                return 2;
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
        return 0;
    }
}
