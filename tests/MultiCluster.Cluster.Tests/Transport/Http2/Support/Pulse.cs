namespace MultiCluster.Cluster.Tests.Transport.Http2.Support;

/// <summary>Lets a test await a condition that changes at events, instead of sleeping.</summary>
internal sealed class Pulse
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Beat()
    {
        TaskCompletionSource now;
        lock (_gate)
            (now, _next) = (_next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        now.TrySetResult();
    }

    public async Task UntilAsync(Func<bool> condition, Func<string> missing)
    {
        using var late = new CancellationTokenSource(Deadline);
        while (true)
        {
            Task next;
            lock (_gate)
                next = _next.Task;
            if (condition())
                return;
            try
            {
                await next.WaitAsync(late.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"not within {Deadline}: {missing()}");
            }
        }
    }
}
