using System.Net.Sockets;
using MultiCluster.HAProxy.Runtime.Sockets;
using MultiCluster.TestKit.Time;

namespace MultiCluster.HAProxy.Runtime.Tests.Sockets;

public sealed class AcceptLoopTests
{
    [Fact]
    public async Task A_failure_is_told_once_and_waited_for()
    {
        var time = new ManualTimeProvider();
        using var end = new CancellationTokenSource();
        var asked = 0;
        var again = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var told = new List<string>();
        var loop = AcceptLoop.RunAsync<int>(
            _ =>
            {
                if (++asked == 2)
                    again.SetResult();
                throw new SocketException((int)SocketError.TooManyOpenSockets);
            },
            static _ => Assert.Fail("nothing was accepted"),
            told.Add,
            time,
            end.Token);
        Assert.Equal(1, asked);
        time.Advance(TimeSpan.FromSeconds(1));
        await again.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Single(told);
        await end.CancelAsync();
        await loop.WaitAsync(TimeSpan.FromSeconds(30));
    }
}
